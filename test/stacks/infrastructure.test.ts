import { afterEach, describe, expect, it, jest } from "@jest/globals";
import type * as Pulumi from "@pulumi/pulumi";

afterEach(() => jest.resetModules());

/** Runs the program of a stack of the dev environment that says so of its part. */
async function run(part: string): Promise<unknown> {
  const pulumi = require("@pulumi/pulumi") as typeof Pulumi;
  pulumi.runtime.setAllConfig({ "fleetwright:environment": "dev", "fleetwright:part": part });
  const mocks = { newResource: ({ inputs, name }: { inputs: object; name: string }) => ({ id: name, state: inputs }) };
  await pulumi.runtime.setMocks({ ...mocks, call: () => ({}) }, "fleetwright", "dev", true);
  const { program } = require("../../stacks/program") as typeof import("../../stacks/program");
  return program();
}

describe("the infrastructure part of the program", () => {
  it("is not loaded, and with it the cloud's SDK, by a stack that makes no cluster", () => {
    const loaded = jest.fn(() => ({}));
    jest.doMock("../../stacks/infrastructure", loaded);
    jest.doMock("@pulumi/aws/provider", loaded);
    expect(require("../../stacks/program")).toHaveProperty("program");
    expect(loaded).not.toHaveBeenCalled();
    jest.dontMock("../../stacks/infrastructure");
    jest.dontMock("@pulumi/aws/provider");
  });

  it("refuses a part that there is not", () =>
    expect(run("clusters")).rejects.toThrow(
      'Pulumi.dev.yaml: fleetwright:part is "clusters", must be platform, what runs on clusters, or infrastructure, the clusters',
    ));

  it("refuses an environment whose clusters all exist", () =>
    expect(run("infrastructure")).rejects.toThrow(
      "no cluster of this stack has provision.kind: eks (hub, east, west)",
    ));

  it("says what to install where the cloud's SDK is missing", async () => {
    jest.doMock("../../stacks/infrastructure", () => {
      throw Object.assign(new Error("Cannot find module '@pulumi/aws/provider'"), { code: "MODULE_NOT_FOUND" });
    });
    await expect(run("infrastructure")).rejects.toThrow("@pulumi/aws is not installed: npm install @pulumi/aws@7");
    jest.dontMock("../../stacks/infrastructure");
  });
});
