/** An environment of three clusters: one stack that holds them all, and stacks that hold one each. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { keyOf } from "../../components/kube-object";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const clusters = ["hub", "east", "west"];
const project = new TestProject();
const inventories = () => Promise.all(clusters.map((cluster) => project.inventory(cluster)));
let empty: string[][];

/** Keys of what a cluster should hold and does not. */
async function missing(cluster: string): Promise<string[]> {
  const components = render(loadEnvironment("dev", project.root)).get(cluster);
  const found = new Set(await project.inventory(cluster));
  return [...(components?.values() ?? [])]
    .flat()
    .map(keyOf)
    .filter((key) => !found.has(key));
}

/** `east:Namespace/shop` for every line of a preview that makes something. */
const listed = (text: string) => [...text.matchAll(/ (\w+:\S+) create/g)].map(([, name]) => name ?? "").sort();

beforeAll(async () => {
  const catalogue = {
    team: "payments",
    clusters: ["east", "west"],
    namespaces: { catalogue: { cpu: "4", memory: "8Gi" } },
  };
  const { tenants, ...rest } = sandboxEnvironment(...clusters);
  project.environment("dev", { ...rest, tenants: { ...tenants, catalogue } });
  await project.stack("dev", "dev");
  for (const cluster of clusters) await project.stack(`dev-${cluster}`, "dev", cluster);
});
afterAll(() => project.dispose());

describe("stacks of one cluster", () => {
  it("hold together what the stack of the environment holds, each its own part", async () => {
    const whole = listed((await project.succeed("preview")).text);
    const parts: string[] = [];
    for (const cluster of clusters) {
      const part = listed((await project.succeed("preview", { stack: `dev-${cluster}` })).text);
      expect(part.filter((name) => !name.startsWith(`${cluster}:`))).toEqual([]);
      parts.push(...part);
    }
    expect(parts.sort()).toEqual(whole);
    expect(whole.length).toBeGreaterThan(300);
  });

  it("change their own cluster and no other", async () => {
    await project.start(...clusters);
    empty = await inventories();
    await project.succeed("up --yes --skip-preview", { stack: "dev-east" });
    expect(await missing("east")).toEqual([]);
    const [hub, , west] = await inventories();
    expect([hub, west]).toEqual([empty[0], empty[2]]);
  });

  it("are refused by one another's clusters, as is the stack of the environment, naming both", async () => {
    const { exitCode, text } = await project.pulumi("preview");
    expect(text).toContain(
      "context east leads to cluster east of environment dev (stack dev-east), and this stack is cluster east of environment dev (stack dev): nothing was changed.",
    );
    expect(exitCode).not.toBe(0);
    await project.succeed("destroy --yes --skip-preview", { stack: "dev-east" });
    await eventually(inventories, empty);
  });
});

describe("one stack of all clusters", () => {
  it("makes every object on each, and finds nothing to do afterwards", async () => {
    await project.succeed("up --yes --skip-preview");
    for (const cluster of clusters) expect([cluster, await missing(cluster)]).toEqual([cluster, []]);
    await project.succeed("preview --expect-no-changes");
  });

  it("is refused on all of them to another environment, which hears of each in one run", async () => {
    project.environment("other", sandboxEnvironment(...clusters));
    await project.stack("other", "other");
    const { exitCode, text } = await project.pulumi("preview", { stack: "other" });
    for (const cluster of clusters)
      expect(text).toContain(`context ${cluster} leads to cluster ${cluster} of environment dev`);
    expect(exitCode).not.toBe(0);
  });

  it("leaves nothing on any of them once it is destroyed", async () => {
    await project.succeed("destroy --yes --skip-preview");
    await eventually(inventories, empty);
  });
});
