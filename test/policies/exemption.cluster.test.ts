/** An exemption at a real Gatekeeper behind a real API server: what controllers make of an exempt object passes, and nothing else. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { GatekeeperChart } from "../../components/gatekeeper";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { admissionObjects } from "../../policies/admission";
import type { Exemption } from "../../policies/exemption";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
import { offBut } from "../support/rules";

jest.setTimeout(300_000);

const exempt = (kind: string, name: string): Exemption => ({
  owner: "search",
  reason: "The indexer sees the processes of its node.",
  expires: "2999-12-31",
  group: "apps",
  kind,
  namespace: "search",
  name,
  paths: ["spec.template.spec.hostPID"],
});
const exemptions = [exempt("DaemonSet", "indexer"), exempt("Deployment", "probe")];
const { constraints, templates } = admissionObjects(
  {
    clusters: {
      "dev/hub": {
        environment: "dev",
        rules: { ...offBut("PS-01"), "PS-01": { level: "deny", parameters: { exemptions } } },
      },
    },
  },
  "dev/hub",
  { excludedNamespaces: [] },
);

const workload = (kind: string, name: string, spec: object): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "search" },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "ghcr.io/acme/app:1" }], ...spec },
    },
  },
});
const pod = (name: string, spec: object): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "search" },
  spec: { containers: [{ name: "app", image: "ghcr.io/acme/app:1" }], ...spec },
});

const project = new TestProject();
const apply = (...objects: readonly object[]) => project.kubectl("hub", "apply --server-side -f -", objects);
const applied = async (...objects: readonly object[]) => {
  const { exitCode, text } = await apply(...objects);
  if (exitCode !== 0) throw new Error(text);
};
const runningPods = (app: string) =>
  project.read("hub", `-n search get pods -l app=${app} -o jsonpath={.items[*].status.phase}`);

beforeAll(async () => {
  await ensureUpstream();
  await project.start("hub");
  const image = `registry.example/gatekeeper:v3.23.1@sha256:${"a".repeat(64)}`;
  const objects = objectsOf(
    new GatekeeperChart({
      image,
      templates: templates as unknown as KubeObject[],
      constraints: constraints as unknown as KubeObject[],
      auditIntervalSeconds: 10,
    }),
  );
  const kinds = templates.map(({ spec }) => Object(spec).crd.spec.names.kind as string);
  const late = ["CustomResourceDefinition", "Config", "ConstraintTemplate", ...kinds, "ValidatingWebhookConfiguration"];
  const of = (...some: string[]) => objects.filter(({ kind }) => some.includes(kind));
  await applied(
    ...["gatekeeper-system", "search"].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...of("CustomResourceDefinition"),
  );
  await project.read("hub", "wait --for=condition=Established crd --all --timeout=20s");
  // there before anybody could refuse it, so that audit has something to find
  await applied(workload("DaemonSet", "old", { hostPID: true }));
  await applied(...objects.filter(({ kind }) => !late.includes(kind)));
  for (const name of ["gatekeeper-controller-manager", "gatekeeper-audit"]) {
    await project.read("hub", `-n gatekeeper-system rollout status deployment ${name} --timeout=60s`);
  }
  await applied(...of("Config", "ConstraintTemplate"));
  await project.read("hub", "wait --for=jsonpath={.status.created}=true constrainttemplate --all --timeout=30s");
  const definition = `crd/${kinds[0]?.toLowerCase()}.constraints.gatekeeper.sh`;
  await project.read("hub", `wait --for=condition=Established ${definition} --timeout=30s`);
  await applied(...of(...kinds));
  await applied(...of("ValidatingWebhookConfiguration"));
  const refusal = "[ps-01] spec.hostPID is true";
  await eventually(async () => (await apply(pod("bad", { hostPID: true }))).text.includes(refusal), true, 60);
}, 240_000);

afterAll(() => project.dispose(), 30_000);

describe("at a real Gatekeeper", () => {
  it("an exempt DaemonSet and the Pods that its controller makes pass", async () => {
    await applied(workload("DaemonSet", "indexer", { hostPID: true }));
    await eventually(() => runningPods("indexer"), "Running Running Running", 30);
  });

  it("an exempt Deployment, its ReplicaSet and its Pods pass", async () => {
    await applied(workload("Deployment", "probe", { hostPID: true }));
    await eventually(() => runningPods("probe"), "Running", 30);
  });

  it("what the exempt fields do not cover, another object, and a Pod of nobody are refused", async () => {
    const refused = async (object: object, path: string) => {
      const { exitCode, text } = await apply(object);
      expect({ exitCode, text }).toEqual({ exitCode: 1, text: expect.stringContaining(`[ps-01] ${path} is true`) });
    };
    await refused(workload("DaemonSet", "indexer", { hostPID: true, hostIPC: true }), "spec.template.spec.hostIPC");
    await refused(workload("DaemonSet", "other", { hostPID: true }), "spec.template.spec.hostPID");
    await refused(pod("indexer", { hostPID: true }), "spec.hostPID");
  });

  it("audit finds what was there before, and nothing that is exempt", async () => {
    const begun = Date.now();
    const status = async () => {
      const said = await project.read("hub", `get ${constraints[0]?.kind} ps-01 -o jsonpath={.status}`);
      return JSON.parse(said || "{}") as { auditTimestamp?: string; violations?: { name: string }[] };
    };
    // one that began when all of them were there
    await eventually(async () => Date.parse((await status()).auditTimestamp ?? "") > begun, true, 40);
    const names = ((await status()).violations ?? []).map(({ name }) => name);
    expect(names).toContain("old");
    expect(names.filter((name) => /^(indexer|probe)/.test(name))).toEqual([]);
  });

  it("the constraint says who agreed to it, why and until when", async () => {
    const said = await project.read(
      "hub",
      `get ${constraints[0]?.kind} ps-01 -o jsonpath={.spec.parameters.exemptions}`,
    );
    expect(JSON.parse(said)).toEqual(exemptions);
  });
});
