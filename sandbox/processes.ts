/**
 * Processes of the sandbox: whether one still runs, and that it is ours before it is ended.
 *
 * Process ids are used again, so an id alone proves nothing. Every program of the sandbox is started by a path inside the instance's
 * folder (or with that folder as argument), and its command line is compared before anything is done to it.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { platform } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "./sandbox-error";

/** A process as it was recorded: its id, and how its command line tells that it is still ours. */
export interface OwnedProcess {
  readonly pid: number;
  /** @param commandLine its words joined by blanks */
  readonly isOurs: (commandLine: string) => boolean;
}

/** Command line of a process, its words joined by blanks; undefined when there is none or it has ended and only waits to be reaped. */
export function commandLineOf(pid: number): string | undefined {
  const line = platform() === "linux" ? fromProc(pid) : fromPs(pid, "command=");
  return line?.trim() || undefined;
}

/** Ids of all processes of this machine. */
export function processIds(): number[] {
  const names =
    platform() === "linux"
      ? readdirSync("/proc")
      : execFileSync("ps", ["-A", "-o", "pid="], { encoding: "utf8" }).trim().split(/\s+/);
  return names.map(Number).filter(Number.isInteger);
}

/** When a process started, as the system tells it; only to be compared. */
export function startOf(pid: number): string | undefined {
  if (platform() !== "linux") return fromPs(pid, "lstart=")?.trim() || undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]; // field 22, see proc(5)
  } catch {
    return undefined;
  }
}

/** Whether the recorded process still runs and is the one that was recorded. */
export function runs({ pid, isOurs }: OwnedProcess): boolean {
  const commandLine = commandLineOf(pid);
  return commandLine !== undefined && isOurs(commandLine);
}

/**
 * Ends a process of ours and waits until it is gone. Does nothing when the id is free or belongs to another program.
 *
 * @param graceMs time between SIGTERM and SIGKILL. @default 0, SIGKILL at once: nothing in a sandbox needs a farewell
 * @throws SandboxError when it survives SIGKILL for 10 s
 */
export async function end(owned: OwnedProcess, graceMs = 0): Promise<void> {
  if (graceMs > 0 && runs(owned)) {
    signal(owned.pid, "SIGTERM");
    for (let waited = 0; waited < graceMs && runs(owned); waited += 50) await sleep(50);
  }
  if (!runs(owned)) return;
  signal(owned.pid, "SIGKILL");
  for (let waited = 0; runs(owned) || isDying(owned.pid); waited += 50) {
    if (waited > 10_000) {
      throw new SandboxError(`process ${owned.pid} (${commandLineOf(owned.pid)}) survives SIGKILL: end it by hand`);
    }
    await sleep(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // gone in between is what we want
  }
}

/** Whether a process has lost its memory but not yet its files: its ports and locks are still held. Linux shows that moment. */
function isDying(pid: number): boolean {
  if (platform() !== "linux" || fromProc(pid) !== "") return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2)); // zombie, dead
  } catch {
    return false;
  }
}

/** Empty for a process that has ended but was not reaped by its parent. */
function fromProc(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return undefined;
  }
}

function fromPs(pid: number, column: string): string | undefined {
  try {
    const read = (name: string) => execFileSync("ps", ["-ww", "-o", name, "-p", String(pid)], { encoding: "utf8" });
    return read("stat=").startsWith("Z") ? undefined : read(column);
  } catch {
    return undefined; // ps exits with 1 when there is no such process
  }
}
