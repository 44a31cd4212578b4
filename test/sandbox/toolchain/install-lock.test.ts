import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { withInstallLock } from "../../../sandbox/toolchain/install-lock";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fleetwright-lock-"));
  lock = join(folder, "locks", "cart");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nobodyWaits = (pid: number) => {
  throw new Error(`waited for process ${pid}`);
};

describe("the install lock", () => {
  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const waitedFor: number[] = [];
    const enter = () =>
      withInstallLock(
        lock,
        (pid) => waitedFor.push(pid),
        async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 50));
          inside--;
        },
      );
    await Promise.all([enter(), enter(), enter()]);
    expect(most).toBe(1);
    expect(waitedFor).toEqual([process.pid, process.pid]);
    expect(readdirSync(join(folder, "locks"))).toEqual([]);
  });

  it("is released when the work fails", async () => {
    await expect(withInstallLock(lock, nobodyWaits, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withInstallLock(lock, nobodyWaits, async () => "next")).toBe("next");
  });

  it("of a killed process is taken over", async () => {
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await withInstallLock(lock, nobodyWaits, async () => {
      const mine = JSON.parse(readFileSync(lock, "utf8"));
      const stat = readFileSync(`/proc/${holder.pid}/stat`, "utf8");
      const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      expect(mine.pid).toBe(process.pid);
      writeFileSync(join(folder, "held"), JSON.stringify({ pid: holder.pid, started }));
    });
    writeFileSync(lock, readFileSync(join(folder, "held")));
    const waited: number[] = [];
    const entered = withInstallLock(
      lock,
      (pid) => {
        waited.push(pid);
        holder.kill("SIGKILL");
      },
      async () => "in",
    );
    await once(holder, "exit");
    expect(await entered).toBe("in");
    expect(waited).toEqual([holder.pid]);
  });

  it("of a process whose number another one has now is taken over", async () => {
    await withInstallLock(lock, nobodyWaits, async () => {});
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: "1" }));
    expect(await withInstallLock(lock, nobodyWaits, async () => "in")).toBe("in");
  });
});
