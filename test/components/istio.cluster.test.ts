/** The mesh's manifests on a real API server: the rules in upstream's definitions are judged, and pods are started. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { ClusterBaseChart } from "../../components/cluster-base";
import { istioFlows, istioNamespaces, meshLabels } from "../../components/istio";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { ensureUpstream, upstreamObjects } from "../../components/upstream";
import { startSandbox, stopSandbox } from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";
import { find, mesh, type Rendered, render } from "./istio/mesh";

jest.setTimeout(180_000);

const projectRoot = mkdtempSync(join(tmpdir(), "istio-"));
let kubeconfig = "";

/** Runs kubectl; `input` goes to its stdin. Never throws: the test judges code and text. */
async function kubectl(args: readonly string[], input?: readonly object[]) {
  const { exitCode, stderr, stdout } = await execa(toolPath("kubectl"), ["--kubeconfig", kubeconfig, ...args], {
    reject: false,
    ...(input
      ? { input: input.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n") }
      : {}),
  });
  return { exitCode, said: stderr, out: stdout };
}
const apply = (objects: readonly object[], ...more: string[]) =>
  kubectl(["apply", "--server-side", ...more, "-f", "-"], objects);

const size = { cpu: "2", memory: "8Gi", pods: 10, storage: "10Gi" };
const base = (): KubeObject[] =>
  objectsOf(
    new ClusterBaseChart({
      kubernetes: "1.35",
      owner: "platform",
      platformNamespaces: istioNamespaces(mesh),
      tenantLabels: meshLabels(mesh),
      teams: { payments: { group: "acme:payments" } },
      tenants: { shop: { team: "payments", namespaces: { shop: size, "shop-jobs": size } } },
      network: { serviceCidrs: ["10.96.0.0/16"], apiServerCidrs: ["172.16.0.0/28"] },
      flows: istioFlows(mesh),
    }),
  );

/** All of the mesh but its webhooks: istiod does not run, so that they would refuse everything. */
const everything = (): KubeObject[] => [
  ...base(),
  ...render({ egressHosts: ["api.example.com"], withoutController: true }),
];
const isDefinition = ({ kind }: KubeObject) => kind === "CustomResourceDefinition";

beforeAll(async () => {
  await ensureUpstream();
  ({ kubeconfig } = await startSandbox({ projectRoot, instance: "mesh", clusters: ["solo"] }));
  const definitions = [...upstreamObjects("cert-manager"), ...everything().filter(isDefinition)];
  expect(await apply(definitions)).toMatchObject({ exitCode: 0, said: "" });
  await kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
});
afterAll(async () => {
  await stopSandbox({ projectRoot, instance: "mesh" });
  rmSync(projectRoot, { recursive: true, force: true });
});

describe("a real API server", () => {
  it("takes every object of the mesh, without a warning", async () => {
    const applied = await apply(everything());
    expect(applied).toMatchObject({ exitCode: 0, said: "" });
    expect(applied.out.split("\n")).toHaveLength(everything().length);
  });

  it("takes the webhooks", async () => {
    const webhooks = render().filter(({ kind }) => kind.endsWith("WebhookConfiguration"));
    expect(webhooks).toHaveLength(3);
    expect(await apply(webhooks, "--dry-run=server")).toMatchObject({ exitCode: 0, said: "" });
  });

  it("keeps every object as it was rendered, so that nothing drifts by itself", async () => {
    const { exitCode, out, said } = await kubectl(["diff", "--server-side", "-f", "-"], everything());
    expect({ exitCode, out, said }).toEqual({ exitCode: 0, out: "", said: "" });
  });

  it("starts two pods of istiod and of each gateway, and a node agent on each node", async () => {
    const targets = [
      ["istio-system", "deployment/istiod"],
      ["istio-ingress", "deployment/istio-ingressgateway"],
      ["istio-egress", "deployment/istio-egressgateway"],
      ["istio-eastwest", "deployment/istio-eastwestgateway"],
      ["istio-cni", "daemonset/istio-cni-node"],
    ] as const;
    for (const [namespace, target] of targets) {
      if (target.startsWith("deployment")) {
        // the autoscaler brings a new Deployment from one pod to its fewest
        const two = ["wait", target, "--for=jsonpath={.spec.replicas}=2", "--timeout=60s"];
        expect(await kubectl(["-n", namespace, ...two])).toMatchObject({ exitCode: 0 });
      }
      const rollout = await kubectl(["-n", namespace, "rollout", "status", target, "--timeout=60s"]);
      expect(rollout).toMatchObject({ exitCode: 0 });
    }
  });

  it("takes a tenant's pod with all that is injected into it, in a restricted namespace", async () => {
    const { config } = find(render(), "ConfigMap/istio-sidecar-injector").data;
    const { initContainers, volumes }: Rendered = parse(parse(config).templates.sidecar).spec;
    const securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    };
    const pod = (name: string, changed: object = {}) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop" },
      spec: {
        priorityClassName: "tenant",
        containers: [{ name: "cart", image: mesh.images.proxy, securityContext }],
        initContainers: initContainers.map((each: Rendered) => ({ ...each, ...changed })),
        volumes,
      },
    });
    expect(await apply([pod("injected")], "--dry-run=server")).toMatchObject({ exitCode: 0, said: "" });
    // what upstream injects where there is no node agent
    const asRoot = { securityContext: { runAsUser: 0, capabilities: { add: ["NET_ADMIN", "NET_RAW"] } } };
    const refused = await apply([pod("privileged", asRoot)], "--dry-run=server");
    expect(refused.said).toContain('violates PodSecurity "restricted:v1.35"');
  });

  it("refuses an object of Istio that its definition does not allow", async () => {
    const wrong = { ...find(render(), "PeerAuthentication/default"), spec: { mtls: { mode: "MAYBE" } } };
    const { exitCode, said } = await apply([wrong], "--dry-run=server");
    expect(exitCode).not.toBe(0);
    expect(said).toContain("spec.mtls.mode");
  });
});
