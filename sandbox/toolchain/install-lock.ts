/** One process at a time installs the tools of a recipe; the others wait and then find them installed. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./scratch";

/** How long to wait before looking again whether the lock is free. A step takes minutes. */
const POLL_MS = 300;

/**
 * Runs `action` while holding the lock file.
 *
 * The lock of a process that no longer lives is taken over, so that a killed installation blocks nothing. (Two processes that take the same
 * dead lock over at the same moment may both run; each installs by one rename, so that costs time and nothing else.)
 *
 * @param file of the lock; its folder is made
 * @param onWait called once with the holder's process id when the lock is taken
 */
export async function withInstallLock<T>(
  file: string,
  onWait: (pid: number) => void,
  action: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    for (let told = false; !(await acquire(mine, file)); await sleep(POLL_MS)) {
      const holder = await holderOf(file);
      if (!holder) continue;
      if (!lives(holder)) await breakLock(file, holder);
      else if (!told) {
        told = true;
        onWait(holder.pid);
      }
    }
  } finally {
    await rm(mine);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  /** Start of the process as the kernel counts it, empty where it does not tell: process ids are used again. */
  readonly started: string;
}

/** A hard link to a complete file: the lock is never seen half written. */
async function acquire(mine: string, file: string): Promise<boolean> {
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined; // released in between
  }
}

/** Renames before removing, so that a lock which another process has just taken is noticed and put back. */
async function breakLock(file: string, dead: Holder) {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return; // another process was faster
  }
  const holder = await holderOf(aside);
  if (holder && (holder.pid !== dead.pid || holder.started !== dead.started)) await acquire(aside, file);
  await rm(aside, { force: true });
}

function lives({ pid, started }: Holder): boolean {
  return isAlive(pid) && started === startOf(pid);
}

/** Field 22 of `/proc/<pid>/stat`, see proc(5); the program's name in field 2 may hold spaces, so count from its closing parenthesis. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
