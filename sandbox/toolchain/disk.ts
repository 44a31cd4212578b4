/** Whether the disk can hold a build, asked before minutes are spent on it. */
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { ToolError } from "./tool-error";

/** What a build needs in the tool cache: the largest programs of one recipe, Kubernetes' four, have 330 MiB. */
const PROGRAMS_MIB = 500;

/** Folders that a build writes to. */
export interface BuildFolders {
  /** Go's caches of compiled packages and of modules. */
  readonly goCaches: readonly [string, string];
  /** Where Go compiles; it holds all that one build compiles until that build ends. */
  readonly temporary: string;
  readonly toolCache: string;
}

/**
 * Refuses a build that cannot fit. Go's caches are taken to be warm when they hold at least what the builds would add: then only
 * the programs need room.
 *
 * @param what the tools in hand, as in `etcd 3.6.14`
 * @param buildMiB what this build adds to empty Go caches, and holds in the temporary folder meanwhile
 * @param pendingMiB what it and all later builds of this run add
 * @throws ToolError naming a folder on the disk that is too full
 */
export async function checkSpace(what: string, buildMiB: number, pendingMiB: number, folders: BuildFolders) {
  const needs = [
    { folder: folders.toolCache, mib: PROGRAMS_MIB },
    { folder: folders.goCaches[0], mib: pendingMiB },
    { folder: folders.temporary, mib: buildMiB },
  ];
  const short = await tooFull(needs);
  if (!short || ((await sizeMiB(folders.goCaches)) >= pendingMiB && !(await tooFull(needs.slice(0, 1))))) return;
  throw new ToolError(
    `${what} must be built, and ${short.folder} is on a disk with ${short.freeMiB} MiB free, must have ${short.needMiB} MiB: make room, ` +
      `or set GOCACHE, GOMODCACHE, TMPDIR and FLEETWRIGHT_CACHE to folders on a larger disk, then try again`,
  );
}

/** The first folder whose disk has less free than all the folders on that disk need together. */
async function tooFull(needs: readonly { folder: string; mib: number }[]) {
  const places = needs.map(({ folder, mib }) => ({ folder, mib, existing: nearestExisting(folder) }));
  for (const { folder, existing } of places) {
    const { dev } = statSync(existing);
    const sameDisk = places.filter((place) => statSync(place.existing).dev === dev);
    const needMiB = sameDisk.reduce((sum, { mib }) => sum + mib, 0);
    const { bavail, bsize } = await statfs(existing);
    const freeMiB = Math.floor((bavail * bsize) / 2 ** 20);
    if (freeMiB < needMiB) return { folder, freeMiB, needMiB };
  }
  return undefined;
}

function nearestExisting(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) ? folder : nearestExisting(dirname(folder));
}

/** Of folders that exist; walking Go's caches takes seconds, so it is done only when the disk is short. */
async function sizeMiB(folders: readonly string[]): Promise<number> {
  const existing = folders.filter((folder) => statSync(folder, { throwIfNoEntry: false }));
  if (!existing.length) return 0;
  const { stdout } = await execa("du", ["-sk", ...existing], { reject: false }); // some files may vanish meanwhile
  return (stdout ?? "").split("\n").reduce((sum, line) => sum + Math.floor((Number.parseInt(line, 10) || 0) / 1024), 0);
}
