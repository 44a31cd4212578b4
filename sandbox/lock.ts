/** One command at a time changes an instance; the others wait. */
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Instance, lockFile } from "./instance";
import { startOf } from "./processes";
import { SandboxError } from "./sandbox-error";

/** Longest that a second command waits: an `up` of three clusters on a slow machine takes less. */
const PATIENCE_SECONDS = 180;

interface Holder {
  readonly pid: number;
  readonly started: string | undefined;
}

/**
 * Runs `action` while holding the instance's lock. The lock of a process that no longer lives is taken over.
 *
 * @param onWait called once with the holder's process id when the lock is taken
 * @throws SandboxError when the holder keeps it for 180 s
 */
export async function withLock<T>(instance: Instance, onWait: (pid: number) => void, action: () => Promise<T>) {
  const file = lockFile(instance);
  await mkdir(instance.folder, { recursive: true });
  const mine = `${file}.${randomUUID()}`;
  const me: Holder = { pid: process.pid, started: startOf(process.pid) };
  await writeFile(mine, JSON.stringify(me));
  try {
    for (let waited = 0; !(await acquired(mine, file)); waited += 0.2) {
      const holder = await holderOf(file);
      if (holder && startOf(holder.pid) !== holder.started) await takeAway(file, holder);
      else if (holder && waited === 0) onWait(holder.pid);
      if (holder && waited > PATIENCE_SECONDS) {
        throw new SandboxError(
          `sandbox '${instance.name}' is being changed by process ${holder.pid} for ${PATIENCE_SECONDS} s: wait for it, or end it`,
        );
      }
      await sleep(200);
    }
    await sweep(file);
    return await action().finally(() => rm(file, { force: true }));
  } finally {
    await rm(mine, { force: true });
  }
}

/** Removes what killed commands left while they waited. */
async function sweep(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const waiting = join(dirname(file), name);
    const holder = await holderOf(waiting);
    if (holder && startOf(holder.pid) !== holder.started) await rm(waiting, { force: true });
  }
}

/** A hard link to a complete file: the lock is never seen half written. */
async function acquired(mine: string, file: string): Promise<boolean> {
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
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch {
    return undefined; // released in between
  }
}

/** Renamed before it is removed, so that a lock which another process has just taken is noticed and put back. */
async function takeAway(file: string, dead: Holder): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return; // another process was faster
  }
  const holder = await holderOf(aside);
  if (holder && (holder.pid !== dead.pid || holder.started !== dead.started)) await acquired(aside, file);
  await rm(aside, { force: true });
}
