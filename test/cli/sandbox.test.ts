import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { sandboxCommand } from "../../cli/sandbox";
import { temporaryFolder } from "../sandbox/temporary-folder";

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, "Pulumi.yaml"), "name: test\n");
  process.chdir(folder);
});
afterEach(() => process.chdir(before));

const run = (...words: string[]) => sandboxCommand().exitOverride().parseAsync(words, { from: "user" });

describe("fleetwright sandbox", () => {
  it("has a verb for each thing that can happen to a cluster, and each says what it does", () => {
    const verbs = sandboxCommand().commands;
    expect(verbs.map((verb) => verb.name())).toEqual(["up", "down", "status", "wipe", "kill"]);
    expect(verbs.filter((verb) => verb.description().length < 20)).toEqual([]);
  });

  it.each([
    [["wipe", "north"], "sandbox 'default' has no cluster 'north': it is not up"],
    [["kill", "hub", "--instance", "mine"], "sandbox 'mine' has no cluster 'hub': it is not up"],
    [["status", "--instance", "../other"], "--instance is '../other', must be a DNS label of at most 40 characters"],
    [["up", "North"], "the cluster's name is 'North', must be a DNS label of at most 20 characters"],
  ])("%j is bad input, and the sentence says why", async (words, message) => {
    await expect(run(...words)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
  });

  it("says that nothing is up where nothing is", async () => {
    const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      await run("status");
      expect(write.mock.calls).toEqual([["No cluster is up: type 'fleetwright sandbox up'.\n"]]);
    } finally {
      write.mockRestore();
    }
  });

  it("leaves nothing behind where nothing was up", async () => {
    const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      await run("down", "--instance", "unused");
      await expect(run("wipe", "hub", "--instance", "unused")).rejects.toThrow("it is not up");
    } finally {
      write.mockRestore();
    }
    expect(() => realpathSync(join(folder, ".fleetwright", "unused"))).toThrow("ENOENT");
  });
});
