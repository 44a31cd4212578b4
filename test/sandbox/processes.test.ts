import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, describe, expect, it } from "@jest/globals";
import { commandLineOf, end, runs, startOf } from "../../sandbox/processes";

let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

/** A process that ignores SIGTERM when it is told to. */
async function started(script: string): Promise<number> {
  child = spawn(process.execPath, ["-e", `${script}; setInterval(() => {}, 1000); console.log("up")`]);
  await new Promise((resolve) => child?.stdout?.once("data", resolve));
  return child.pid ?? 0;
}

describe("a process", () => {
  it("is ours when its command line begins as recorded", async () => {
    const pid = await started("");
    expect(commandLineOf(pid)).toContain("setInterval");
    expect(runs({ pid, isOurs: (commandLine) => commandLine.startsWith(`${process.execPath} -e`) })).toBe(true);
    expect(runs({ pid, isOurs: (commandLine) => commandLine.startsWith("/somebody/else") })).toBe(false);
  });

  it("is left alone when its id now belongs to another program", async () => {
    const pid = await started("");
    await end({ pid, isOurs: (commandLine) => commandLine.startsWith("/our/etcd ") });
    expect(commandLineOf(pid)).toBeDefined();
  });

  it("is ended, by SIGKILL when it does not hear SIGTERM in time", async () => {
    const pid = await started('process.on("SIGTERM", () => {})');
    await end({ pid, isOurs: () => true }, 200);
    expect(commandLineOf(pid)).toBeUndefined();
  });

  it("has a start by which it is told from a later one of the same id", async () => {
    const pid = await started("");
    expect(startOf(pid)).toBe(startOf(pid));
    expect(startOf(pid)).not.toBe(startOf(process.pid));
  });

  it("does not run when there is none", () => {
    expect(commandLineOf(2 ** 30)).toBeUndefined();
  });
});
