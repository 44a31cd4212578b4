/** Reads Kubernetes manifests, anybody's: files, folders, standard input; many documents, lists, JSON. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { LineCounter, parseAllDocuments } from "yaml";
import { type AnyObject, expandLists } from "./engine/match";
import type { ManifestPlace } from "./graph/set-object";

/** A place that could not be read. */
export interface ManifestFault {
  /** `file:line`; `-` is standard input. */
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
}

/** What stands in the manifests. */
export interface Manifests {
  readonly objects: readonly AnyObject[];
  /** Where each of the objects stands; those of a list stand where the list begins. */
  readonly places: readonly ManifestPlace[];
  /** Documents in folders that are no objects, such as a chart's values: `file:line`. They are not judged. */
  readonly skipped: readonly string[];
  readonly faults: readonly ManifestFault[];
}

/**
 * @param paths files, folders (searched for .yaml, .yml and .json below them, in alphabetical order) or `-`
 * @param standardInput the text of `-`
 */
export function readManifests(paths: readonly string[], standardInput: () => string): Manifests {
  const all = paths.flatMap((path) => readPath(path, standardInput));
  return {
    objects: all.flatMap(({ objects }) => objects),
    places: all.flatMap(({ places }) => places),
    skipped: all.flatMap(({ skipped }) => skipped),
    faults: all.flatMap(({ faults }) => faults),
  };
}

function readPath(path: string, standardInput: () => string): Manifests[] {
  if (path === "-") return [readText(standardInput(), "-", false)];
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) {
    const message = "no such file or folder: name a manifest, a folder of manifests, or - for standard input";
    return [{ objects: [], places: [], skipped: [], faults: [{ path, value: path, message }] }];
  }
  if (!stats.isDirectory()) return [readFile(path, false)];
  const files = globSync("**/*.{yaml,yml,json}", { cwd: path, ignore: ["**/node_modules/**"] }).sort();
  return files.map((file) => readFile(join(path, file), true));
}

function readFile(file: string, isOneOfMany: boolean): Manifests {
  try {
    return readText(readFileSync(file, "utf8"), file, isOneOfMany);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { objects: [], places: [], skipped: [], faults: [{ path: file, value: null, message }] };
  }
}

/** YAML 1.1 with merge keys, as kubectl reads it. A key that stands twice is a fault: readers differ on which counts. */
function readText(text: string, file: string, isOneOfMany: boolean): Manifests {
  const lineCounter = new LineCounter();
  const objects: AnyObject[] = [];
  const places: ManifestPlace[] = [];
  const cluster = ownerOf(text);
  const skipped: string[] = [];
  const faults: ManifestFault[] = [];
  for (const document of parseAllDocuments(text, { lineCounter, version: "1.1", merge: true, prettyErrors: true })) {
    const line = lineCounter.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    for (const error of document.errors) {
      const at = error.linePos?.[0].line ?? line;
      faults.push({ path: `${file}:${at}`, value: null, message: firstLine(error.message) });
    }
    if (document.errors.length > 0) continue;
    const value = contentOf(document, (message) => faults.push({ path: `${file}:${line}`, value: null, message }));
    if (value === undefined || value === null) continue;
    if (isObject(value)) {
      for (const { object } of expandLists(value)) {
        objects.push(object);
        places.push({ file, line, ...(cluster === undefined ? {} : { cluster }) });
      }
    } else if (isOneOfMany) skipped.push(`${file}:${line}`);
    else
      faults.push({
        path: `${file}:${line}`,
        value: null,
        message: "not a Kubernetes object: it has no apiVersion and kind",
      });
  }
  return { objects, places, skipped, faults };
}

/** Whose a file is, as the first line of a rendered one says: `<environment>/<cluster>`. */
function ownerOf(text: string): string | undefined {
  const [, environment, cluster] = /^# Rendered by fleetwright from (\S+), cluster (\S+)\n/.exec(text) ?? [];
  return environment !== undefined && cluster !== undefined ? `${environment}/${cluster}` : undefined;
}

/** Aliases that multiply without bound, or stand within what they repeat, are refused when the value is made, not when it is read. */
function contentOf(document: ReturnType<typeof parseAllDocuments>[number], report: (message: string) => void): unknown {
  try {
    const value: unknown = document.toJS();
    if (isEndless(value)) report("an alias (*) stands within what it repeats: write out what it stands for");
    else return value;
  } catch (error) {
    report(error instanceof Error ? firstLine(error.message) : String(error));
  }
  return undefined;
}

function isEndless(value: unknown, within: readonly object[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (within.includes(value)) return true;
  return Object.values(value).some((inner) => isEndless(inner, [...within, value]));
}

function isObject(value: unknown): value is AnyObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind } = value as Record<string, unknown>;
  return typeof apiVersion === "string" && apiVersion !== "" && typeof kind === "string" && kind !== "";
}

const firstLine = (message: string) => message.split("\n")[0]?.replace(/:$/, "") ?? message;
