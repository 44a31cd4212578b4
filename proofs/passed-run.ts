/**
 * What the last run of every test came to, as long as nothing has changed that a test reads: `make test` says so then, in
 * a second, as a build does that is up to date. Only a whole run without failures is remembered, and CI never asks.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installedTools } from "../sandbox/toolchain/tools";

/** The totals of a run in which nothing failed. */
export interface PassedRun {
  /** ISO 8601. */
  readonly ended: string;
  readonly passed: number;
  /** Names of the tests that were skipped. */
  readonly skipped: readonly string[];
}

/** A run by what it depended on. */
interface Remembered extends PassedRun {
  readonly of: string;
}

/** Where the run is remembered, and what it is a run of. */
export interface PassedRunArgs {
  /** Folder of the checkout. */
  readonly root: string;
  /** File that remembers one run. */
  readonly file: string;
}

/**
 * SHA-256 of all that tests read: every file that git tracks or would track, the version of Node, the installed tools (a test
 * is skipped where its program is missing), and whether there is test data beside the checkout.
 *
 * @returns undefined where git does not know the folder, so that nobody can tell what changed
 */
export function dependedOn({ root }: PassedRunArgs): string | undefined {
  const hash = createHash("sha256");
  const add = (...words: readonly string[]) => hash.update(`${JSON.stringify(words)}\n`);
  const files = filesOfCheckout(root);
  if (!files) return undefined;
  for (const file of files) add(file, contentOf(join(root, file)));
  for (const { path, tool } of installedTools()) add("tool", tool, path);
  add("node", process.version, process.platform, process.arch);
  add("data", String(existsSync(join(root, "..", "shared", "upstream"))));
  return hash.digest("hex");
}

/**
 * The last run, if nothing failed in it and nothing that it depended on has changed since.
 *
 * @param now what a run would depend on now, see {@link dependedOn}
 */
export function passedRun({ file }: PassedRunArgs, now: string | undefined): PassedRun | undefined {
  try {
    const { of, ...run } = JSON.parse(readFileSync(file, "utf8")) as Remembered;
    return of === now ? run : undefined;
  } catch {
    return undefined; // none yet, or half of one
  }
}

/** Remembers a run in which nothing failed. */
export function rememberRun(args: PassedRunArgs, of: string | undefined, run: PassedRun): void {
  // what was edited while the tests ran, some of them saw and some did not
  if (of === undefined || of !== dependedOn(args)) return;
  mkdirSync(dirname(args.file), { recursive: true });
  writeFileSync(args.file, JSON.stringify({ of, ...run } satisfies Remembered));
}

/** Every file of a checkout that git tracks or would track, sorted; undefined where git does not know the folder. */
export function filesOfCheckout(root: string): string[] | undefined {
  const words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  try {
    const listed = execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return listed.split("\0").filter(Boolean).sort();
  } catch {
    return undefined;
  }
}

function contentOf(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return "deleted";
  if (found.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  const mode = found.mode & 0o111 ? "program" : "file";
  return `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}
