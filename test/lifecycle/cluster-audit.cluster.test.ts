/** What runs, judged here and by Gatekeeper's own audit, a process behind a real API server; and the state of a stack. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { auditCluster, type ClusterAudit } from "../../lifecycle/cluster-audit";
import { catalogue } from "../../policies/engine/catalogue";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { onlyRules, sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const project = new TestProject();
/** More than the 20 violations that audit lists. */
const PODS = 24;
const CONSTRAINTS = ["FleetwrightImageTag", "FleetwrightImageRegistry"];

const pod = (name: string, image: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "app", image }] },
});
const apply = async (objects: readonly object[]) => {
  expect(await project.refusals("hub", objects)).toEqual([]);
};
const audit = () => auditCluster(loadEnvironment("dev", project.root), project.root, "hub", catalogue().rules);
const outcome = async (id: string) => {
  const found = (await audit()).audits.find((one) => one.id === id);
  return [found?.outcome, found?.gatekeeper, found?.fleetwright, found?.agreed];
};
const fleetwright = (...words: string[]) =>
  execa(join(packageRoot(), "bin", "fleetwright"), words, { cwd: project.root, reject: false });

let before: ClusterAudit;

beforeAll(async () => {
  await ensureUpstream();
  const base = sandboxEnvironment();
  const components = { ...base.components, gatekeeper: { auditIntervalSeconds: 10 } };
  project.environment("dev", { ...base, components, ...onlyRules("IM-01", "IM-03") });
  await project.stack("dev", "dev");
  await project.start("hub");
  await apply(Array.from({ length: PODS }, (_, index) => pod(`old-${index}`, "nginx:latest")));
  await apply([pod("sound", "ghcr.io/acme/app:1")]);
  before = await audit();
  const objects = render(loadEnvironment("dev", project.root)).get("hub")?.get("gatekeeper") ?? [];
  const of = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  await apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "gatekeeper-system" } },
    ...of("CustomResourceDefinition"),
  ]);
  await project.read("hub", "wait --for=condition=Established crd --all --timeout=30s");
  const late = ["CustomResourceDefinition", "Config", "ConstraintTemplate", "ValidatingWebhookConfiguration"];
  await apply(objects.filter(({ kind }) => ![...late, ...CONSTRAINTS].includes(kind)));
  for (const name of ["gatekeeper-controller-manager", "gatekeeper-audit"]) {
    await project.read("hub", `-n gatekeeper-system rollout status deployment ${name} --timeout=60s`);
  }
  await apply(of("Config", "ConstraintTemplate"));
  await project.read("hub", "wait --for=jsonpath={.status.created}=true constrainttemplates --all --timeout=30s");
  await project.read("hub", "wait --for=condition=Established crd --all --timeout=30s");
  await apply(of(...CONSTRAINTS));
}, 240_000);

afterAll(() => project.dispose(), 30_000);

describe("an audit of a cluster", () => {
  it("judges alone where there is no Gatekeeper, and says so", () => {
    expect(before).toMatchObject({ cluster: "hub", gatekeeper: "absent", audits: [] });
    expect(before.summary).toEqual({ deny: 2 * PODS, allow: 2, undetermined: 0, exempted: 0 });
  });

  it("agrees with Gatekeeper's audit on what existed before, also beyond the 20 violations that it lists", async () => {
    await eventually(() => outcome("IM-01"), ["agrees", PODS, PODS, PODS], 60);
    await eventually(() => outcome("IM-03"), ["agrees", PODS, PODS, PODS], 60);
  });

  it("names what came and went since, and compares the rest", async () => {
    await project.read("hub", "delete pods --all --wait=true");
    await apply([pod("old", "nginx:latest"), pod("other", "nginx")]);
    const { audits } = await audit();
    const tag = audits.find(({ id }) => id === "IM-01");
    expect(tag?.differences).toEqual([]);
    expect(tag?.changedSince.map(({ name }) => name)).toEqual(expect.arrayContaining(["old", "other"]));
    await eventually(() => outcome("IM-01"), ["agrees", 2, 2, 2], 60);
  });

  it("shows a constraint that was changed by hand, and what it lets pass", async () => {
    const parameters = JSON.stringify({ spec: { parameters: { registries: ["docker.io"] } } });
    await project.read("hub", `patch fleetwrightimageregistry im-03 --type=merge -p ${parameters}`);
    await eventually(() => outcome("IM-03"), ["differs", 0, 2, 0], 60);
    const changed = (await audit()).audits.find(({ id }) => id === "IM-03");
    expect(
      changed?.differences.map(({ by, ...one }) => [by, "resource" in one ? one.resource.name : one.message]),
    ).toEqual([
      ["constraint", expect.stringMatching(/^spec\.parameters of the constraint is not what the environment says/)],
      ["fleetwright", "old"],
      ["fleetwright", "other"],
    ]);
  });

  it("ends with 3, as a document and as text", async () => {
    const { exitCode, stdout } = await fleetwright("policy", "audit", "-e", "dev", "--cluster", "hub", "--json");
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "PolicyAudit",
      environment: "dev",
      clusters: [{ cluster: "hub", gatekeeper: "installed" }],
      summary: { deny: 4, undetermined: 0, refused: 4, agreed: 2, rules: { agrees: 1, differs: 1, unknown: 0 } },
    });
    const { stdout: text } = await fleetwright("policy", "audit", "-e", "dev", "--cluster", "hub", "--rules", "IM-03");
    expect(text).toMatch(
      /^IM-03 +deny +deny +Pod default\/old +spec\.containers\[0\]\.image is docker\.io\/library\/nginx/m,
    );
    expect(text).toMatch(/^IM-03 +differs +0 +2 +0 +\d{4}-/m);
    expect(text).toMatch(/^Gatekeeper's audit of 1 rules: 0 agree, 1 differ, 0 could not be compared$/m);
  });
});

describe("an audit of a stack", () => {
  it("judges the state by the pack, and needs no cluster", async () => {
    const urn = (type: string, name: string) => `urn:pulumi:dev::team::${type}::${name}`;
    const [stack, provider] = [urn("pulumi:pulumi:Stack", "team-dev"), urn("pulumi:providers:kubernetes", "hub")];
    const id = "4d1a8f5e-0b7c-4f6a-9f39-3c1f5a0f3c11";
    const inputs = { clusterIdentifier: "dev/hub", context: "hub", kubeconfig: "/nowhere" };
    const { apiVersion, kind, ...rest } = pod("old", "nginx:latest");
    const kept = { apiVersion, kind, ...rest };
    const resources = [
      { urn: stack, custom: false, type: "pulumi:pulumi:Stack" },
      { urn: provider, custom: true, id, type: "pulumi:providers:kubernetes", inputs, outputs: inputs, parent: stack },
      {
        urn: urn("kubernetes:core/v1:Pod", "old"),
        custom: true,
        id: "default/old",
        type: "kubernetes:core/v1:Pod",
        inputs: kept,
        outputs: kept,
        parent: stack,
        provider: `${provider}::${id}`,
      },
    ];
    project.write("state.json", JSON.stringify({ version: 3, deployment: { resources } }));
    await project.succeed("stack import --file=state.json");
    const { exitCode, stdout, stderr } = await fleetwright("policy", "audit", "-e", "dev", "--stack", "dev", "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "" });
    const { stack: found, clusters } = JSON.parse(stdout);
    expect(clusters).toEqual([]);
    expect(
      found.violations.map(({ id: rule, verdict, refuses, resource }: Record<string, unknown>) => [
        rule,
        verdict,
        refuses,
        resource,
      ]),
    ).toEqual(["IM-01", "IM-03"].map((rule) => [rule, "deny", true, { type: "kubernetes:core/v1:Pod", name: "old" }]));
    expect(found.violations[0].message).toMatch(
      /^spec\.containers\[0\]\.image is docker\.io\/library\/nginx:latest, which moves/,
    );
  });

  it("ends with 4 and the engine's words where there is no such stack", async () => {
    const { exitCode, stderr } = await fleetwright("policy", "audit", "-e", "dev", "--stack", "nothing");
    expect(exitCode).toBe(4);
    expect(stderr).toContain("stack nothing: its state could not be judged:");
  });
});
