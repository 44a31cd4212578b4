import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Option } from "commander";
import { stringify } from "yaml";
import { sandboxEnvironment } from "../support/environments";

const prepareEngine = jest.fn(async (_environment: unknown, _place: { readonly stack: string }) => ({
  variables: new Map([["PULUMI_STACK", "known"]]),
}));
jest.doMock("../../lifecycle/engine-preparation", () => ({ prepareEngine }));
const { envCommand } = require("../../cli/env") as typeof import("../../cli/env");

describe("fleetwright env", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-env-"));
    mkdirSync(join(folder, "environments"));
    const write = (file: string, content: object) => writeFileSync(join(folder, file), stringify(content));
    write("Pulumi.yaml", { name: "team", runtime: "nodejs" });
    for (const name of ["dev", "other"]) write(`environments/${name}.yaml`, sandboxEnvironment("hub"));
    write("Pulumi.dev-hub.yaml", { config: { "fleetwright:environment": "dev", "fleetwright:cluster": "hub" } });
    jest.spyOn(process, "cwd").mockReturnValue(folder);
    jest.spyOn(process.stdout, "write").mockReturnValue(true);
    prepareEngine.mockClear();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const run = (...words: string[]) => {
    const command = envCommand().addOption(new Option("-o, --output <format>").default("table"));
    return command.parseAsync(words, { from: "user" });
  };
  const stacks = () => prepareEngine.mock.calls.map(([, { stack }]) => stack);

  it("prepares a stack that a file of the project names, and the environment's own without one", async () => {
    await run("dev", "--stack", "dev-hub");
    await run("dev", "--stack", "dev");
    await run("dev", "-e", "dev");
    expect(stacks()).toEqual(["dev-hub", "dev", "dev"]);
  });

  it("makes no stack of a name that no file has, nor for another environment", async () => {
    await expect(run("dev", "--stack", "typo")).rejects.toMatchObject({
      code: "StackUnknown",
      exitCode: 2,
      message: expect.stringContaining("has no Pulumi.typo.yaml: its stacks are dev-hub"),
    });
    await expect(run("other", "--stack", "dev-hub")).rejects.toThrow("is of environment dev, and other was asked for");
    expect(stacks()).toEqual([]);
  });

  it("refuses two environments that differ", async () => {
    await expect(run("dev", "-e", "other")).rejects.toMatchObject({ code: "UsageInvalid", exitCode: 2 });
    expect(stacks()).toEqual([]);
  });
});
