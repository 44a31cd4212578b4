import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { projectStacks } from "../../lifecycle/project-stacks";
import { sandboxEnvironment } from "../support/environments";

const root = mkdtempSync(join(tmpdir(), "fw-stacks-"));
const write = (file: string, content: object) => writeFileSync(join(root, file), JSON.stringify(content));

beforeAll(() => {
  mkdirSync(join(root, "environments"));
  write("Pulumi.yaml", { name: "team" });
  for (const name of ["dev", "prod"]) write(`environments/${name}.yaml`, sandboxEnvironment("hub", "east"));
  write("environments/alone.yaml", sandboxEnvironment());
  write("Pulumi.dev.yaml", { config: { "fleetwright:environment": "dev" } });
  write("Pulumi.prod-hub.yaml", { config: { "fleetwright:environment": "prod", "fleetwright:cluster": "hub" } });
  write("Pulumi.prod-cloud.yaml", {
    config: { "fleetwright:environment": "prod", "fleetwright:part": "infrastructure" },
  });
  write("Pulumi.other.yaml", { config: { "other:key": "value" } });
});
afterAll(() => rmSync(root, { recursive: true }));

const told = (selection: Parameters<typeof projectStacks>[1]) =>
  projectStacks(root, selection).map(
    ({ clusters, environment, stack }) => `${stack} of ${environment.name}: ${clusters.join(" ")}`,
  );

describe("the stacks of a project", () => {
  it("are those that name an environment, each with its clusters", () => {
    expect(told({})).toEqual(["dev of dev: hub east", "prod-cloud of prod: ", "prod-hub of prod: hub"]);
  });

  it("are those of one environment, by its name or its path", () => {
    expect(told({ environment: "prod" })).toEqual(["prod-cloud of prod: ", "prod-hub of prod: hub"]);
    expect(told({ environment: join(root, "environments", "dev.yaml") })).toEqual(["dev of dev: hub east"]);
  });

  it("are one stack of the environment's name where no file says otherwise", () => {
    expect(told({ environment: "alone" })).toEqual(["alone of alone: hub"]);
  });

  it("are those that are named, in that order", () => {
    expect(told({ stacks: ["prod-hub", "dev"] })).toEqual(["prod-hub of prod: hub", "dev of dev: hub east"]);
  });

  it.each([
    [{ stacks: ["none"] }, "has no Pulumi.none.yaml: its stacks are dev, other, prod-cloud, prod-hub"],
    [{ stacks: ["dev"], environment: "prod" }, "Pulumi.dev.yaml is of environment dev, and prod was asked for"],
  ])("are refused where they are not there, or of another environment: %j", (selection, said) => {
    expect(() => projectStacks(root, selection)).toThrow(said);
  });
});
