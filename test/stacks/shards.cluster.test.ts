/** Stacks that hold one cluster of an environment each. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { eventually } from "../support/eventually";
import { CLUSTERS, FleetProject } from "../support/fleet-project";

jest.setTimeout(900_000);

const project = new FleetProject();
let empty: string[][];

beforeAll(() => project.prepare());
afterAll(() => project.dispose());

describe("stacks of one cluster", () => {
  it("change their own cluster and no other", async () => {
    await project.start(...CLUSTERS);
    empty = await project.inventories();
    await project.succeed("up --yes --skip-preview", { stack: "dev-east" });
    expect(await project.missing("east")).toEqual([]);
    const [hub] = await project.inventories();
    expect(hub).toEqual(empty[0]);
  });

  it("are refused by one another's clusters, as is the stack of the environment, naming both", async () => {
    const { exitCode, text } = await project.pulumi("preview");
    expect(text).toContain(
      "context east leads to cluster east of environment dev (stack dev-east), and this stack is cluster east of environment dev (stack dev): nothing was changed.",
    );
    expect(exitCode).not.toBe(0);
    await project.succeed("destroy --yes --skip-preview", { stack: "dev-east" });
    await eventually(() => project.inventories(), empty);
  });
});
