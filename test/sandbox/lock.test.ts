import { readdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { type Instance, lockFile } from "../../sandbox/instance";
import { withLock } from "../../sandbox/lock";
import { temporaryFolder } from "./temporary-folder";

const instance = (): Instance => ({ name: "test", folder: temporaryFolder() });
const silent = () => undefined;

describe("the lock of an instance", () => {
  it("lets one command at a time change it, and tells the others whom they wait for", async () => {
    const mine = instance();
    const order: string[] = [];
    const waits: number[] = [];
    const first = withLock(mine, silent, async () => {
      order.push("first begins");
      await sleep(500);
      order.push("first ends");
    });
    await sleep(100);
    await withLock(
      mine,
      (pid) => waits.push(pid),
      async () => void order.push("second"),
    );
    await first;
    expect(order).toEqual(["first begins", "first ends", "second"]);
    expect(waits).toEqual([process.pid]);
  });

  it("is free after an action that failed", async () => {
    const mine = instance();
    await expect(withLock(mine, silent, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock(mine, silent, async () => "yes")).toBe("yes");
  });

  it("is taken over from a command that was killed, and what that left is removed", async () => {
    const mine = instance();
    for (const file of [lockFile(mine), `${lockFile(mine)}.waiting`]) {
      writeFileSync(file, JSON.stringify({ pid: process.pid, started: "another time" }));
    }
    expect(await withLock(mine, silent, async () => "mine now")).toBe("mine now");
    expect(readdirSync(mine.folder)).toEqual([]);
  });
});
