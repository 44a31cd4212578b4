/** One stack that holds all clusters of an environment. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { CLUSTERS, FleetProject } from "../support/fleet-project";

jest.setTimeout(900_000);

const project = new FleetProject();
let empty: string[][];

beforeAll(() => project.prepare());
afterAll(() => project.dispose());

describe("one stack of all clusters", () => {
  it("makes every object on each, and finds nothing to do afterwards", async () => {
    await project.start(...CLUSTERS);
    empty = await project.inventories();
    await project.succeed("up --yes --skip-preview");
    for (const cluster of CLUSTERS) expect([cluster, await project.missing(cluster)]).toEqual([cluster, []]);
    await project.succeed("preview --expect-no-changes");
  });

  it("is refused on all of them to another environment, which hears of each in one run", async () => {
    project.environment("other", sandboxEnvironment(...CLUSTERS));
    await project.stack("other", "other");
    const { exitCode, text } = await project.pulumi("preview", { stack: "other" });
    for (const cluster of CLUSTERS)
      expect(text).toContain(`context ${cluster} leads to cluster ${cluster} of environment dev`);
    expect(exitCode).not.toBe(0);
  });

  it("leaves nothing on any of them once it is destroyed", async () => {
    await project.succeed("destroy --yes --skip-preview");
    await eventually(() => project.inventories(), empty);
  });
});
