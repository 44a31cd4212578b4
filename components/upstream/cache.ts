/**
 * Upstream files on this machine: `<cache>/upstream/<sha256>`, checked whenever they are read. Beside each lies its
 * parsed form, because parsing a megabyte of YAML takes half a second and reading the same as JSON a hundredth of it.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { cacheFolder } from "../cache-folder";
import type { KubeObject } from "../kube-object";

export const sha256Of = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** The file of that checksum, or undefined when it is absent or no longer what it was. */
export function readCached(sha256: string): Buffer | undefined {
  const bytes = read(join(cacheFolder(), "upstream", sha256));
  return bytes !== undefined && sha256Of(bytes) === sha256 ? bytes : undefined;
}

/** Keeps a file. Whoever reads meanwhile sees the whole file or none. */
export function writeCached(bytes: Buffer): void {
  write(sha256Of(bytes), bytes);
}

/** Objects by path of the cached file: a fleet reads the same few files once per cluster. */
const known = new Map<string, readonly KubeObject[]>();

/** The objects of a cached file, in its order; undefined when the file is not cached. Read and checked once per run. */
export function readObjects(sha256: string): readonly KubeObject[] | undefined {
  const path = join(cacheFolder(), "upstream", sha256);
  const bytes = known.has(path) ? undefined : readCached(sha256);
  if (bytes) known.set(path, readParsed(sha256) ?? parseAndKeep(sha256, bytes));
  return known.get(path);
}

// first line: checksum of the second, which is the objects; the number changes when parsing does
const parsedName = (sha256: string) => `${sha256}.objects-1`;

function readParsed(sha256: string): readonly KubeObject[] | undefined {
  const [checksum, json] =
    read(join(cacheFolder(), "upstream", parsedName(sha256)))
      ?.toString("utf8")
      .split("\n") ?? [];
  return json !== undefined && sha256Of(json) === checksum ? JSON.parse(json) : undefined;
}

function parseAndKeep(sha256: string, bytes: Buffer): readonly KubeObject[] {
  const objects = parseAllDocuments(bytes.toString("utf8")).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const object: KubeObject | null = document.toJS();
    return object === null ? [] : [object];
  });
  const json = JSON.stringify(objects);
  write(parsedName(sha256), `${sha256Of(json)}\n${json}`);
  return JSON.parse(json);
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function write(name: string, content: Buffer | string): void {
  const folder = join(cacheFolder(), "upstream");
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `.${randomUUID()}`);
  writeFileSync(partial, content);
  renameSync(partial, join(folder, name));
}
