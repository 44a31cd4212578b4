/** Starting and ending the supervisor of an instance. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ownedProgram } from "./host/host-process";
import { type Instance, programFolder, supervisorLog } from "./instance";
import { end, runs } from "./processes";
import { SandboxError } from "./sandbox-error";
import { buildStamp, ownedSupervisor, readSupervisor, supervisorEntry } from "./supervisor-file";

/** Longest that the supervisor takes to write its first word: loading takes 1 s on an idle machine. */
const START_SECONDS = 30;

/** Time in which it ends its programs and lets go of its sockets. */
const STOP_GRACE_MS = 5000;

/** Whether the instance's supervisor runs. */
export function supervisorPid(instance: Instance): number | undefined {
  const state = readSupervisor(instance);
  return state && runs(ownedSupervisor(instance, state.pid)) ? state.pid : undefined;
}

/**
 * Starts the supervisor unless one of this build runs; one of an older build is replaced.
 *
 * @throws SandboxError when Fleetwright is not compiled, or with the supervisor's last words
 */
export async function ensureSupervisor(instance: Instance): Promise<void> {
  if (!existsSync(supervisorEntry())) {
    throw new SandboxError(
      `${supervisorEntry()} does not exist: compile Fleetwright by 'npm run build', then try again`,
    );
  }
  const before = supervisorPid(instance);
  if (before !== undefined && readSupervisor(instance)?.buildStamp === buildStamp()) return;
  await endSupervisor(instance);
  const log = openSync(supervisorLog(instance), "a", 0o600);
  const child = spawn(process.execPath, [supervisorEntry(), instance.folder], {
    detached: true, // it outlives this command and does not hear its Ctrl-C
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  for (let waited = 0; !exited && waited < START_SECONDS; waited += 0.1) {
    if (readSupervisor(instance)?.pid === child.pid) return;
    await sleep(100);
  }
  const words = await readFile(supervisorLog(instance), "utf8");
  throw new SandboxError(
    `the supervisor ${exited ? "ended" : "says nothing"}: ${words.trimEnd().split("\n").at(-1)} (${supervisorLog(instance)})`,
  );
}

/** Ends the supervisor and every host program that it recorded. */
export async function endSupervisor(instance: Instance): Promise<void> {
  const state = readSupervisor(instance);
  if (!state) return;
  await end(ownedSupervisor(instance, state.pid), STOP_GRACE_MS);
  await endPrograms(instance, Object.keys(state.clusters));
}

/** Ends the recorded host programs of these clusters; a living supervisor restarts them if it may. */
export async function endPrograms(instance: Instance, clusters: readonly string[], only?: string): Promise<void> {
  const recorded = readSupervisor(instance)?.clusters ?? {};
  for (const cluster of clusters) {
    for (const { name, pid, tool } of recorded[cluster]?.programs ?? []) {
      if (pid === undefined || (only !== undefined && name !== only)) continue;
      await end(ownedProgram(programFolder(instance, cluster, name), tool, pid));
    }
  }
}
