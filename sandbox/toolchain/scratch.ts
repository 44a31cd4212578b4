/**
 * Folders for work in progress, on the cache's file system, so that a finished file is moved and not copied:
 * `<cache>/tools/.scratch/<process id>-…`. What a killed process left is removed by the next installation.
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** A new empty folder of this process. */
export async function scratchFolder(cache: string): Promise<string> {
  await mkdir(join(cache, "tools", ".scratch"), { recursive: true });
  return mkdtemp(join(cache, "tools", ".scratch", `${process.pid}-`));
}

/** Removes the folders of processes that no longer live. */
export async function sweepScratch(cache: string) {
  const root = join(cache, "tools", ".scratch");
  const folders = await readdir(root).catch(() => []); // none yet
  for (const folder of folders) {
    if (!isAlive(Number.parseInt(folder, 10))) await rm(join(root, folder), { recursive: true, force: true });
  }
}

/** Whether a process of this number lives, be it ours or somebody else's. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
