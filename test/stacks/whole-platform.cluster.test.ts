/**
 * Every component that the dev environment has, by the real engine: made, left alone, changed in one line, taken out of the
 * environment, destroyed. `make test` does so on the hub of a fleet, by the hub's own stack: it has them all. `make prove`
 * does so on the hub and a spoke, by one stack. The tests follow one another.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { parse } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { prepareSandboxSecrets } from "../../lifecycle/credentials";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
import { isWhole } from "../support/whole";

jest.setTimeout(900_000);

const CLUSTERS: readonly string[] = isWhole ? ["hub", "east"] : ["hub"];
const project = new TestProject();

/** The dev environment without its second spoke. */
function dev() {
  const whole = parse(readFileSync(join(packageRoot(), "environments", "dev.yaml"), "utf8"));
  const { west: _, ...clusters } = whole.clusters;
  const { catalogue, ...tenants } = whole.tenants;
  return { ...whole, clusters, tenants: { ...tenants, catalogue: { ...catalogue, clusters: ["east"] } } };
}

/** The same without all that can be taken out: what promises and faults need goes with it. */
function bare() {
  const { experiments: _, slos: __, ...rest } = dev();
  const { components } = sandboxEnvironment();
  const tenants = Object.entries<object>(rest.tenants).map(([name, tenant]) => [
    name,
    { ...tenant, gitops: undefined },
  ]);
  return { ...rest, components, tenants: Object.fromEntries(tenants) };
}

const objectsOf = (cluster: string): KubeObject[] =>
  [...(render(loadEnvironment("dev", project.root)).get(cluster)?.values() ?? [])].flat();
const inventories = () => Promise.all(CLUSTERS.map((cluster) => project.inventory(cluster)));

/** What a cluster holds of some keys. */
async function holds(cluster: string, keys: ReadonlySet<string>): Promise<string[]> {
  return (await project.inventory(cluster)).filter((key) => keys.has(key));
}

let empty: string[][];

beforeAll(async () => {
  await ensureUpstream();
  project.environment("dev", dev());
  await project.stack("dev", "dev", isWhole ? undefined : "hub");
  await project.start(...CLUSTERS);
  await prepareSandboxSecrets(loadEnvironment("dev", project.root), project.root);
  empty = await inventories();
});
afterAll(() => project.dispose());

describe("the whole platform", () => {
  it("is made by one `up`", async () => {
    await project.succeed("up --yes --skip-preview");
    for (const cluster of CLUSTERS) {
      const wanted = new Set(objectsOf(cluster).map(keyOf));
      expect(wanted.size).toBeGreaterThan(500);
      expect((await holds(cluster, wanted)).sort()).toEqual([...wanted].sort());
    }
  });

  it("has no field that an API server does not know: it would have refused the object, as it does one that is misspelt", async () => {
    const [monitor] = objectsOf("hub").filter(({ kind }) => kind === "PodMonitor");
    const misspelt = { ...monitor, spec: { ...(monitor?.spec as object), selector: { matchLables: {} } } };
    // as the engine sends objects: applied by the server, and not validated by who sends them
    const flags = ["--dry-run=server", "--validate=false", "--field-manager=fleetwright"];
    expect((await project.refusals("hub", [misspelt as KubeObject], ...flags)).join()).toMatch(
      /matchLables: field not declared in schema/,
    );
  });

  it("is refused to another environment on each cluster, which hears of all in one run", async () => {
    project.environment("other", sandboxEnvironment(...CLUSTERS));
    await project.stack("other", "other");
    const { exitCode, text } = await project.pulumi("preview", { stack: "other" });
    for (const cluster of CLUSTERS)
      expect(text).toContain(`context ${cluster} leads to cluster ${cluster} of environment dev`);
    expect(exitCode).not.toBe(0);
  });

  it("is left alone by a second preview, but for the objects that the one changed line is about", async () => {
    const { components, ...rest } = dev();
    project.environment("dev", { ...rest, components: { ...components, kubeStateMetrics: { memoryMiB: 300 } } });
    const { text } = await project.succeed("preview");
    const changed = [...text.matchAll(/ (\S+:\S+\/\S+) (?:create|update|delete|replace)/g)].map(([, name]) => name);
    expect(changed.sort()).toEqual(
      CLUSTERS.map((cluster) => `${cluster}:Deployment/state-metrics/kube-state-metrics`).sort(),
    );
    expect(text).toMatch(new RegExp(`Resources:\\n\\s+~ ${CLUSTERS.length} to update\\n\\s+\\d+ unchanged`));
  });

  it("goes without trace where the environment no longer has a component", async () => {
    const before = new Map(CLUSTERS.map((cluster) => [cluster, objectsOf(cluster).map(keyOf)]));
    project.environment("dev", bare());
    await project.succeed("up --yes --skip-preview");
    for (const cluster of CLUSTERS) {
      const kept = new Set(objectsOf(cluster).map(keyOf));
      const gone = new Set(before.get(cluster)?.filter((key) => !kept.has(key)));
      expect(gone.size).toBeGreaterThan(300);
      await eventually(() => holds(cluster, gone), []);
      expect((await holds(cluster, kept)).sort()).toEqual([...kept].sort());
    }
  });

  it("leaves nothing behind once it is destroyed", async () => {
    await project.succeed("destroy --yes --skip-preview");
    await eventually(inventories, empty);
  });
});
