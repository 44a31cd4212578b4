import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { stringify } from "yaml";
import { type ClusterBaseArgs, ClusterBaseChart } from "../../components/cluster-base";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { StorageClassesChart } from "../../components/storage-classes";
import { STORAGE_DRIVERS, type StorageKind } from "../../components/storage-drivers";
import { ensureUpstream, upstreamObjects } from "../../components/upstream";
import { type WorkloadArgs, workload } from "../../components/workload";
import { startSandbox, stopSandbox } from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";

jest.setTimeout(900_000);

const projectRoot = mkdtempSync(join(tmpdir(), "cluster-base-"));
let kubeconfig = "";

/** Runs kubectl; `input` goes to its stdin. Never throws: the test judges code and text. */
async function kubectl(args: readonly string[], input?: readonly object[]) {
  const { exitCode, stderr, stdout } = await execa(toolPath("kubectl"), ["--kubeconfig", kubeconfig, ...args], {
    reject: false,
    ...(input ? { input: input.map((object) => stringify(object)).join("---\n") } : {}),
  });
  return { exitCode, said: stderr, out: stdout };
}
const apply = (objects: readonly object[]) => kubectl(["apply", "--server-side", "-f", "-"], objects);

const base: ClusterBaseArgs = {
  kubernetes: "1.35",
  owner: "platform",
  platformNamespaces: [{ name: "platform-programs" }],
  teams: { payments: { group: "acme:payments" } },
  tenants: {
    shop: { team: "payments", namespaces: { shop: { cpu: "2", memory: "2Gi", pods: 3, storage: "10Gi" } } },
  },
  network: { serviceCidrs: ["10.96.0.0/16"], apiServerCidrs: ["172.16.0.0/28"] },
  flows: [],
};
const image = `registry.example/shop/cart:1.2.3@sha256:${"a".repeat(64)}`;
const program: WorkloadArgs = {
  namespace: "platform-programs",
  name: "cart",
  component: "api",
  image,
  replicas: 3,
  size: { cpuMillicores: 50, memoryMiB: 1536 },
  ports: [{ name: "http", port: 8080, servicePort: 80 }],
  readiness: { how: { httpGet: "/ready", port: "http" } },
};
const kept: WorkloadArgs = {
  ...program,
  component: "store",
  kind: "StatefulSet",
  claims: { data: { sizeGiB: 1 } },
  volumes: { tmp: { scratchMiB: 2048, medium: "memory" } },
  mounts: [
    { volume: "data", path: "/data" },
    { volume: "tmp", path: "/tmp" },
  ],
};
const storage = (cloud: StorageKind): KubeObject[] => {
  const parameters = Object.fromEntries(STORAGE_DRIVERS[cloud].requiredParameters.map((name) => [name, "x"]));
  const classes = {
    [`${cloud}-standard`]: { default: true, parameters },
    [`${cloud}-one-zone`]: { reclaimPolicy: "Retain", zones: ["local-solo-b"], parameters },
  } as const;
  const zones = ["local-solo-a", "local-solo-b", "local-solo-c"];
  const snapshotCrds = upstreamObjects("csi-snapshot");
  return objectsOf(new StorageClassesChart({ cloud, zones, purpose: "development", classes, snapshotCrds }));
};
const kinds = Object.keys(STORAGE_DRIVERS) as StorageKind[];
/** The base, the sandbox's storage classes, and two programs. */
const everything = (): KubeObject[] => [
  ...objectsOf(new ClusterBaseChart(base)),
  ...storage("local"),
  ...workload(program).objects,
  ...workload(kept).objects,
];

const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
/** A pod of a tenant that asks for nothing but what the spec says. */
const tenantPod = (name: string, spec: object = {}, securityContext: object = restricted): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop" },
  spec: { containers: [{ name: "c", image, securityContext }], ...spec },
});

beforeAll(async () => {
  await ensureUpstream();
  ({ kubeconfig } = await startSandbox({ projectRoot, instance: "base", clusters: ["solo"] }));
  const objects = everything();
  const isDefinition = ({ kind }: KubeObject) => kind === "CustomResourceDefinition";
  const definitions = await apply(objects.filter(isDefinition));
  expect(definitions).toMatchObject({ exitCode: 0, said: "" });
  await kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
});
afterAll(async () => {
  await stopSandbox({ projectRoot, instance: "base" });
  rmSync(projectRoot, { recursive: true, force: true });
});

describe("a real API server", () => {
  it("takes every object, without a warning", async () => {
    const applied = await apply(everything());
    expect(applied).toMatchObject({ exitCode: 0, said: "" });
    expect(applied.out.split("\n")).toHaveLength(everything().length);
  });

  it.each(kinds)("takes the storage and snapshot classes of %s", async (kind) => {
    // tried, not kept: each driver has a default class of its own
    const tried = await kubectl(["apply", "--server-side", "--dry-run=server", "-f", "-"], storage(kind));
    expect(tried).toMatchObject({ exitCode: 0, said: "" });
    expect(tried.out.match(/^(storageclass|volumesnapshotclass)\./gm)).toHaveLength(4);
  });

  it("keeps every object as it was rendered, so that nothing drifts by itself", async () => {
    const { exitCode, out, said } = await kubectl(["diff", "--server-side", "-f", "-"], everything());
    expect({ exitCode, out, said }).toEqual({ exitCode: 0, out: "", said: "" });
  });

  it("stores each quantity as it was written", async () => {
    const written = everything().flatMap((object) => quantitiesOf(object));
    const stored = (await Promise.all(everything().map(read))).flatMap((object) => quantitiesOf(object));
    expect(written.length).toBeGreaterThan(10);
    expect(stored.filter((text) => !written.includes(text))).toEqual([]);
  });

  it("runs a workload, one pod in each zone", async () => {
    for (const target of ["deployment/cart-api", "statefulset/cart-store"]) {
      const rollout = await kubectl(["-n", "platform-programs", "rollout", "status", target, "--timeout=60s"]);
      expect(rollout).toMatchObject({ exitCode: 0 });
    }
    const zones = await zonesOf("app.kubernetes.io/component=api");
    expect(zones.sort()).toEqual(["local-solo-a", "local-solo-b", "local-solo-c"]);
  });

  it("gives each pod of a set a volume of the default class, which goes with its claim", async () => {
    const { out } = await kubectl(["-n", "platform-programs", "get", "pvc", "-o", "json"]);
    const claims = JSON.parse(out).items as { spec: object; status: { phase: string } }[];
    expect(claims).toHaveLength(3);
    for (const claim of claims) {
      expect(claim).toMatchObject({ spec: { storageClassName: "local-standard" }, status: { phase: "Bound" } });
    }
  });

  it("refuses a tenant's pod that is not restricted", async () => {
    const { exitCode, said } = await apply([tenantPod("rooted", {}, { privileged: true })]);
    expect(exitCode).not.toBe(0);
    expect(said).toContain('violates PodSecurity "restricted:v1.35"');
  });

  it.each(["platform", "platform-critical", "system-cluster-critical", "system-node-critical"])(
    "refuses a tenant's pod in the rank %s",
    async (priorityClassName) => {
      const { exitCode, said } = await apply([tenantPod(`ranked-${priorityClassName}`, { priorityClassName })]);
      expect(exitCode).not.toBe(0);
      expect(said).toContain("exceeded quota: reserved-priorities");
    },
  );

  it("gives a tenant's pod that asks for nothing the namespace's defaults, and refuses one more than its size", async () => {
    const names = ["first", "second", "third"];
    expect(await apply(names.map((name) => tenantPod(name, { priorityClassName: "tenant" })))).toMatchObject({
      exitCode: 0,
    });
    const { out } = await kubectl(["-n", "shop", "get", "pod", "first", "-o", "json"]);
    expect(JSON.parse(out).spec.containers[0].resources).toEqual({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { memory: "128Mi" },
    });
    const { exitCode, said } = await apply([tenantPod("fourth")]);
    expect(exitCode).not.toBe(0);
    expect(said).toContain("exceeded quota: tenant-size");
  });

  it.each([
    ["yes", "create", "deployments.apps"],
    ["yes", "patch", "deployments.apps/scale"],
    ["yes", "get", "pods/log"],
    ["yes", "delete", "pods"],
    ["no", "create", "pods"],
    ["no", "get", "secrets"],
    ["no", "create", "secrets"],
    ["no", "create", "pods/exec"],
    ["no", "create", "pods/portforward"],
    ["no", "create", "serviceaccounts/token"],
    ["no", "create", "rolebindings.rbac.authorization.k8s.io"],
    ["no", "delete", "networkpolicies.networking.k8s.io"],
    ["no", "update", "resourcequotas"],
  ])("says %s when a member of the team asks to %s %s in its namespace", async (answer, verb, resource) => {
    const [kind = "", subresource] = resource.split("/");
    const as = ["--as", "ada", "--as-group", "acme:payments", "--as-group", "system:authenticated"];
    const which = subresource ? ["--subresource", subresource] : [];
    const { out } = await kubectl(["auth", "can-i", verb, kind, ...which, "-n", "shop", ...as]);
    expect(out).toBe(answer);
    const elsewhere = await kubectl(["auth", "can-i", verb, kind, ...which, "-n", "platform-programs", ...as]);
    expect(elsewhere.out).toBe("no");
  });
});

async function read({ apiVersion, kind, metadata }: KubeObject): Promise<unknown> {
  const [version, group] = apiVersion.split("/").reverse();
  const resource = group ? `${kind}.${version}.${group}` : kind;
  const { out } = await kubectl(["-n", metadata.namespace ?? "default", "get", resource, metadata.name, "-o", "json"]);
  return JSON.parse(out);
}

/** The texts of every amount in an object: of requests, limits, quotas and sizes. */
function quantitiesOf(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (["hard", "requests", "limits", "default", "defaultRequest", "max"].includes(key) && !Array.isArray(inner)) {
      return Object.values(inner as object).filter((text) => typeof text === "string");
    }
    return key === "sizeLimit" ? [String(inner)] : key === "status" ? [] : quantitiesOf(inner);
  });
}

async function zonesOf(selector: string): Promise<string[]> {
  const pods = await kubectl(["-n", "platform-programs", "get", "pods", "-l", selector, "-o", "json"]);
  const nodes = await kubectl(["get", "nodes", "-o", "json"]);
  const zone = new Map(
    (JSON.parse(nodes.out).items as { metadata: { name: string; labels: Record<string, string> } }[]).map(
      ({ metadata }) => [metadata.name, metadata.labels["topology.kubernetes.io/zone"] ?? ""],
    ),
  );
  const items = JSON.parse(pods.out).items as { spec: { nodeName: string } }[];
  return items.map(({ spec }) => zone.get(spec.nodeName) ?? "");
}
