/** Objects of a real cluster, edited by hand and by controllers, found by the verb, put back by it. The tests follow one another. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import type { DriftReport } from "../../lifecycle/drift";
import type { DriftEntry } from "../../lifecycle/drift/drift-entry";
import { stopSandbox } from "../../sandbox/sandbox";
import { oneRuleEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { ALLOWED_IMAGE, pod } from "../support/objects";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const project = new TestProject();
const kubectl = (words: string) => project.read("hub", words);

type Answer = DriftReport & { readonly kind: string; readonly corrected?: readonly DriftEntry[] };

/** Runs the verb as a schedule does. */
async function refresh(...words: readonly string[]) {
  const { exitCode, stderr, stdout } = await execa(
    join(packageRoot(), "bin", "fleetwright"),
    ["preview", "-e", "test", "--refresh", ...words],
    { cwd: project.root, reject: false },
  );
  return { exitCode, stderr, stdout };
}
async function report(
  ...words: readonly string[]
): Promise<{ exitCode: number | undefined; found: Answer; stderr: string }> {
  const { exitCode, stderr, stdout } = await refresh("--json", ...words);
  return { exitCode, stderr, found: JSON.parse(stdout) as Answer };
}
const lines = (drift: readonly DriftEntry[]) =>
  drift.map(({ expected, found, kind, manager = "", object, path, subresource }) =>
    [
      `${kind} ${object.kind} ${[object.namespace, object.name].filter(Boolean).join("/")}`,
      path,
      [expected, found].map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value))).join(" → "),
      subresource === undefined ? manager : `${manager}/${subresource}`,
    ].join(" | "),
  );

beforeAll(async () => {
  const namespaces = { shop: { cpu: "8", memory: "16Gi" }, attic: { cpu: "1", memory: "1Gi" } };
  project.environment("test", { ...oneRuleEnvironment(), tenants: { shop: { team: "payments", namespaces } } });
  await project.stack("test", "test");
});
afterAll(() => project.dispose());

describe("before anything is deployed", () => {
  it("there is nothing that could differ: exit code 4", async () => {
    const { exitCode, stderr } = await refresh();
    expect(stderr).toMatch(/stack test: nothing was deployed from it, so nothing can differ/);
    expect(exitCode).toBe(4);
  });
});

describe("after `up`", () => {
  it("nothing differs, though the cluster's programs own fields of the platform's objects", async () => {
    await project.start("hub");
    await project.succeed("up --yes --skip-preview");
    const { exitCode, found } = await report("--expect-no-changes");
    expect(lines(found.drift)).toEqual([]);
    expect(found).toMatchObject({ kind: "DriftReport", unknown: [], summary: { undeployed: 0, driftedObjects: 0 } });
    expect(found.summary.objects).toBeGreaterThan(100);
    const caBundle = found.foreign.find(({ object }) => object.kind === "ValidatingWebhookConfiguration");
    expect(caBundle?.paths.some((path) => path.endsWith(".clientConfig.caBundle"))).toBe(true);
    expect(exitCode).toBe(0);
  });
});

/** Somebody puts another proxy into a Deployment, as injectors do. */
const injected = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "cert-manager-webhook", namespace: "cert-manager" },
  spec: {
    template: {
      spec: {
        containers: (pod("proxy", ALLOWED_IMAGE).spec as { containers: object[] }).containers,
      },
    },
  },
};
const quota = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "tenant-size", namespace: "shop" },
  spec: { hard: { pods: "7" } },
};
const autoscaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "cainjector", namespace: "cert-manager" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "cert-manager-cainjector" },
    minReplicas: 4,
    maxReplicas: 5,
  },
};

/** What it was, by somebody else. */
const copied = async (words: string, metadata: Readonly<Record<string, string>>) => {
  const object = JSON.parse(await kubectl(`get ${words} -o json`)) as KubeObject;
  const { labels, annotations } = object.metadata;
  return { ...object, metadata: { ...metadata, labels, annotations } };
};

describe("what somebody does by hand", () => {
  it("is found, field by field, with who did it; what others own is not", async () => {
    await kubectl("-n cert-manager set resources deployment cert-manager --containers=* --limits=memory=1Gi");
    await kubectl("-n cert-manager scale deployment cert-manager-webhook --replicas=5");
    await kubectl("label namespace shop fleetwright.dev/owner=somebody --overwrite");
    await kubectl("label namespace shop acme.example/team=payments");
    await kubectl("-n shop label rolebinding team-view app.kubernetes.io/part-of-");
    await kubectl("-n cert-manager delete networkpolicy allow-cert-manager-webhook");
    const subject = '{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory"}';
    await kubectl(
      `-n shop patch rolebinding team-deploy --type=json -p [{"op":"add","path":"/subjects/-","value":${subject}}]`,
    );
    expect(await project.refusals("hub", [quota], "--force-conflicts", "--field-manager=acme")).toEqual([]);
    expect(await project.refusals("hub", [injected], "--field-manager=sidecar-injector")).toEqual([]);
    expect(await project.refusals("hub", [autoscaler], "--field-manager=acme")).toEqual([]);
    const account = await copied("-n cert-manager serviceaccount cert-manager-cainjector", {
      name: "cert-manager-cainjector",
      namespace: "cert-manager",
    });
    await kubectl("-n cert-manager delete serviceaccount cert-manager-cainjector");
    const copy = await copied("-n shop limitrange container-defaults", { name: "by-hand", namespace: "shop" });
    expect(await project.kubectl("hub", "create -f -", [account, copy])).toMatchObject({ exitCode: 0 });
    await kubectl("delete namespace attic");
    const replicas = "-n cert-manager get deployment cert-manager-cainjector -o jsonpath={.spec.replicas}";
    await eventually(() => kubectl(replicas), "4", 90);

    const { exitCode, found } = await report("--expect-no-changes");
    expect(found.unknown).toEqual([]);
    const inAttic = ({ kind, object }: DriftEntry) => kind === "deleted" && object.namespace === "attic";
    expect(found.drift.filter(inAttic)).toHaveLength(9);
    expect(lines(found.drift.filter((one) => !inAttic(one)))).toEqual([
      "deleted Namespace attic |  | undefined → undefined | ",
      "deleted NetworkPolicy cert-manager/allow-cert-manager-webhook |  | undefined → undefined | ",
      expect.stringMatching(
        /^replaced ServiceAccount cert-manager\/cert-manager-cainjector \| {2}\| uid .* → uid .* \| kubectl-create$/,
      ),
      'removed RoleBinding shop/team-view | metadata.labels["app.kubernetes.io/part-of"] | fleetwright → undefined | ',
      expect.stringMatching(
        /^changed Deployment cert-manager\/cert-manager \| spec\.template\.spec\.containers\[name=[\w-]+\]\.resources\.limits\.memory \| \d+Mi → 1Gi \| kubectl-set$/,
      ),
      expect.stringMatching(
        /^changed Deployment cert-manager\/cert-manager-webhook \| spec\.replicas \| \d → 5 \| kubectl\/scale$/,
      ),
      'changed Namespace shop | metadata.labels["fleetwright.dev/owner"] | payments → somebody | kubectl-label',
      "changed ResourceQuota shop/tenant-size | spec.hard.pods | 50 → 7 | acme",
      expect.stringMatching(
        /^added RoleBinding shop\/team-deploy \| subjects\[\d\] \| undefined → .*mallory.* \| kubectl-patch$/,
      ),
      expect.stringMatching(/^orphan LimitRange shop\/by-hand \| {2}\| undefined → undefined \| kubectl-create$/),
    ]);
    const others = found.foreign.map(({ manager, object, paths }) => `${manager} ${object.name} ${paths.join(" ")}`);
    expect(others).toContain('kubectl-label shop metadata.labels["acme.example/team"]');
    expect(others).toContain("kube-controller-manager/scale cert-manager-cainjector spec.replicas");
    expect(others.filter((one) => one.startsWith("sidecar-injector"))).toHaveLength(1);
    expect(exitCode).toBe(7);
  });

  it("is a table for people, worst first, and by itself no failure", async () => {
    const { exitCode, stdout } = await refresh();
    expect(stdout).toMatch(
      /^DRIFT +CLUSTER +OBJECT +FIELD +EXPECTED +FOUND +BY\ndeleted +hub +Namespace attic, and 9 objects in it\n/,
    );
    expect(stdout).toMatch(/ fields owned by others, which is no drift: .*sidecar-injector \d/);
    expect(exitCode).toBe(0);
  });
});

describe("--correct", () => {
  it("puts all of it back by lines that it prints, but leaves to a human what nobody knows", async () => {
    await kubectl("-n cert-manager delete horizontalpodautoscaler cainjector"); // or it would go on, beside us
    const { exitCode, found, stderr } = await report("--correct");
    expect(stderr).toMatch(
      /^\$ PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh --yes --skip-preview --stack=test$/m,
    );
    expect(stderr).toMatch(
      /^\$ kubectl .* apply --server-side --force-conflicts --field-manager=fleetwright --filename=\S+$/m,
    );
    expect(found.corrected?.length).toBeGreaterThan(15);
    expect(lines(found.drift)).toEqual([expect.stringMatching(/^orphan LimitRange shop\/by-hand/)]);
    expect(exitCode).toBe(7);
  });

  it("leaves a cluster that is as deployed, also in the engine's eyes", async () => {
    await kubectl("-n shop delete limitrange by-hand");
    const { exitCode, found } = await report("--expect-no-changes", "--correct");
    expect(lines(found.drift)).toEqual([]);
    expect(found.corrected).toBeUndefined();
    expect(exitCode).toBe(0);
    await project.succeed("preview --refresh --expect-no-changes");
  });
});

describe("what cannot be told", () => {
  it("a change of the environment that was not deployed is none of it", async () => {
    const namespaces = { shop: { cpu: "9", memory: "16Gi" }, attic: { cpu: "1", memory: "1Gi" } };
    project.environment("test", { ...oneRuleEnvironment(), tenants: { shop: { team: "payments", namespaces } } });
    const { exitCode, found } = await report("--expect-no-changes");
    expect(lines(found.drift)).toEqual([]);
    expect(found.summary.undeployed).toBe(1);
    expect(exitCode).toBe(0);
  });

  it("a mark that somebody wrote into does not make it another cluster", async () => {
    const data = (stack: string) => `{"data":{"stack":"${stack}"}}`;
    await kubectl(`-n fleetwright-system patch configmap identity --type=merge -p ${data("other")}`);
    expect(lines((await report()).found.drift)).toEqual([
      "changed ConfigMap fleetwright-system/identity | data.stack | test → other | kubectl-patch",
    ]);
    await kubectl(`-n fleetwright-system patch configmap identity --type=merge -p ${data("test")}`);
    expect(lines((await report()).found.drift)).toEqual([]); // whoever wrote it, it is as it should be
  });

  it("a cluster that does not answer is unknown and not drift: exit code 5", async () => {
    await stopSandbox(project.sandbox);
    const { exitCode, found } = await report("--expect-no-changes");
    expect(found.drift).toEqual([]);
    expect(found.unknown).toMatchObject([{ cluster: "hub", what: "cluster" }]);
    expect(exitCode).toBe(5);
  });
});
