/**
 * The tool cache: `<cache>/tools/<tool>/<version>-<recipe hash>/<tool>`, with a record beside each program.
 *
 * A program appears by one rename, complete with its record, so what can be seen is whole.
 */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { Tool, Toolchain } from "./lock";
import { recipeHash } from "./recipe";
import { scratchFolder } from "./scratch";

const Installed = z.strictObject({
  origin: z.enum(["release", "built"]),
  /** URL of the release, or module package that was built. */
  source: z.string(),
  /** Of the program, lower-case hex. */
  sha256: z.string(),
  bytes: z.number(),
  /** Modification time of the program, milliseconds since 1970: a cheap witness that nobody wrote to it since. */
  modifiedMs: z.number(),
});

/** What is known of an installed program. */
export type Installed = z.output<typeof Installed>;

/** Where a tool's program lies once it is installed. */
export function cachedPath(tool: Tool, toolchain: Toolchain): string {
  return join(toolchain.cache, "tools", tool.name, `${tool.version}-${recipeHash(tool, toolchain)}`, tool.name);
}

/** The record of an installed program, or undefined when it is absent, truncated or changed. Costs two system calls. */
export function installed(program: string): Installed | undefined {
  try {
    const record = Installed.parse(JSON.parse(readFileSync(recordOf(program), "utf8")));
    const { size, mtimeMs } = statSync(program);
    return size === record.bytes && Math.trunc(mtimeMs) === record.modifiedMs ? record : undefined;
  } catch {
    return undefined; // no program, no record or half a record: all mean that it must be installed
  }
}

/** Whether the program's bytes are those that were installed; reads the whole file. */
export async function intact(program: string): Promise<boolean> {
  const record = installed(program);
  return record !== undefined && (await sha256Of(program)) === record.sha256;
}

/**
 * Accepts a program whose modification time alone has changed, as after unpacking a saved cache.
 *
 * @returns whether the program is now installed
 */
export async function readmit(program: string): Promise<boolean> {
  try {
    const record = Installed.parse(JSON.parse(readFileSync(recordOf(program), "utf8")));
    if (statSync(program).size !== record.bytes || (await sha256Of(program)) !== record.sha256) return false;
    await writeFile(
      recordOf(program),
      JSON.stringify({ ...record, modifiedMs: Math.trunc(statSync(program).mtimeMs) }),
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * Moves a finished program into the cache, replacing a damaged one.
 *
 * @param file the finished program, on the cache's file system; it is gone afterwards
 * @param program its place, see {@link cachedPath}
 */
export async function install(
  file: string,
  program: string,
  cache: string,
  from: Pick<Installed, "origin" | "source">,
) {
  const home = dirname(program);
  await mkdir(dirname(home), { recursive: true });
  const staging = await scratchFolder(cache);
  const staged = join(staging, basename(program));
  await rename(file, staged);
  await chmod(staged, 0o755);
  await chmod(staging, 0o755);
  const { size, mtimeMs } = await stat(staged);
  const sha256 = await sha256Of(staged);
  const record: Installed = { ...from, sha256, bytes: size, modifiedMs: Math.trunc(mtimeMs) };
  await writeFile(recordOf(staged), JSON.stringify(record));
  await rm(home, { recursive: true, force: true });
  await rename(staging, home);
}

const recordOf = (program: string) => join(dirname(program), "installed.json");

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
