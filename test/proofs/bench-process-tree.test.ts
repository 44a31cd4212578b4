import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { execa } from "execa";
import { ProcessTree, parseStat, roleOf } from "../../proofs/bench/process-tree";

describe("parseStat", () => {
  it("reads parent, CPU ticks and pages behind a name with spaces and brackets", () => {
    const stat = "4711 (a (b) c) S 42 1 1 0 -1 0 0 0 0 0 120 30 7 8 20 0 9 0 555 1000000 2048 184467";
    expect(parseStat(stat)).toEqual({ parent: 42, ticks: 150, pages: 2048 });
  });
});

describe("roleOf", () => {
  it.each([
    ["engine", ["pulumi", "preview"]],
    ["provider", ["/plugins/pulumi-resource-kubernetes", "127.0.0.1:1"]],
    ["language host", ["pulumi-language-nodejs", "127.0.0.1:1"]],
    ["kubectl", ["/tools/kubectl", "apply"]],
    ["program", ["/usr/bin/node", "./node_modules/@pulumi/pulumi/cmd/run/index.js", "--monitor", "127.0.0.1:1", "."]],
    ["policy pack", ["node", "/project/policies/policy-pack", "127.0.0.1:1"]],
    ["policy pack", ["node", "/sdk/cmd/run-policy-pack/index.js", "127.0.0.1:1", "/project/policies"]],
    ["other", ["node", "-e", "0"]],
    ["other", [""]],
  ])("takes a process for the %s by its words", (role, words) => {
    expect(roleOf(words)).toBe(role);
  });
});

const seesProcesses = existsSync("/proc/self/stat");

describe("ProcessTree", () => {
  (seesProcesses ? it : it.skip)("counts what a child of a child takes", async () => {
    const holds =
      "const held = Buffer.alloc(64 * 1024 ** 2, 1); const end = Date.now() + 1500; while (Date.now() < end) held[0]++;";
    const parent = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(holds)}])`;
    const child = execa(process.execPath, ["-e", parent]);
    const tree = new ProcessTree(child.pid ?? 0);
    await child;
    const consumption = tree.end();
    expect(consumption?.peakMemoryMiB).toBeGreaterThan(64);
    expect(consumption?.cpuSeconds.other).toBeGreaterThan(0);
  });
});
