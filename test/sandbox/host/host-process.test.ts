import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { HostProcess } from "../../../sandbox/host/host-process";
import { commandLineOf, runs } from "../../../sandbox/processes";
import { temporaryFolder } from "../temporary-folder";

const folder = temporaryFolder();
const running: HostProcess[] = [];
afterEach(() => Promise.all(running.splice(0).map((host) => host.stop())));

/** A real process: Node with a script. */
async function start(script: string): Promise<HostProcess> {
  const file = join(folder, "program.js");
  writeFileSync(file, script);
  const host = new HostProcess(join(folder, `p-${running.length}`));
  running.push(host);
  await host.start({ program: process.execPath, args: [file], env: { PORT: "0" }, healthUrl: "http://127.0.0.1:9/" });
  return host;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 5000; waited += 50) await sleep(50);
  expect(condition()).toBe(true);
}

describe("a host process", () => {
  it("is called by a path in its own folder, by which it is known", async () => {
    const host = await start("setInterval(() => {}, 1000)");
    const { owned, pid = 0 } = host;
    expect(commandLineOf(pid)?.startsWith(`${folder}/p-`)).toBe(true);
    expect(owned && runs(owned)).toBe(true);
    expect(owned?.isOurs(`${process.execPath} ${folder}/program.js`)).toBe(false);
  });

  it("that dies waits before it may start again, and tells its last error", async () => {
    const host = await start('console.error("panic: no certificate"); process.exit(1)');
    await until(() => host.pid === undefined);
    expect([host.restarts, host.mayStart]).toEqual([1, false]);
    expect(await host.lastError()).toBe("panic: no certificate");
    await sleep(1100);
    expect(host.mayStart).toBe(true);
  });

  it("that is stopped may start at once and counts as no death", async () => {
    const host = await start("setInterval(() => {}, 1000)");
    const pid = host.pid ?? 0;
    await host.stop();
    expect([commandLineOf(pid), host.pid, host.restarts, host.mayStart]).toEqual([undefined, undefined, 0, true]);
  });
});
