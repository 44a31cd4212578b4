/** Reads Kubernetes manifests, anybody's: files, folders, standard input; many documents, lists, JSON. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { type AnyObject, expandLists, strangeItems } from "./engine/match";
import { printPath } from "./engine/path";
import type { ManifestPlace } from "./graph/set-object";
import { withKustomizationKind } from "./kustomization";
import { manifestDocuments } from "./manifest-document";

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
  const objects = all.flatMap(({ objects }) => objects);
  const faults = all.flatMap(({ faults }) => faults);
  // whoever pipes a program that failed into a gate must not pass it
  if (objects.length === 0 && faults.length === 0) {
    faults.push({ path: paths.join(", "), value: null, message: "there is no Kubernetes object in it" });
  }
  return {
    objects,
    places: all.flatMap(({ places }) => places),
    skipped: all.flatMap(({ skipped }) => skipped),
    faults,
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

function readText(text: string, file: string, isOneOfMany: boolean): Manifests {
  const objects: AnyObject[] = [];
  const places: ManifestPlace[] = [];
  const cluster = ownerOf(text);
  const skipped: string[] = [];
  const faults: ManifestFault[] = [];
  for (const { faults: found, line, value: written } of manifestDocuments(text)) {
    const fault = (message: string, at = line) => faults.push({ path: `${file}:${at}`, value: null, message });
    for (const one of found) fault(one.message, one.line);
    const value = withKustomizationKind(written, file);
    if (value === undefined || value === null) continue;
    if (isObject(value)) {
      for (const place of strangeItems(value))
        fault(`${printPath(place)} is no Kubernetes object: it has no apiVersion and kind`);
      for (const { object } of expandLists(value)) {
        const name = nameOf(object);
        if (typeof name === "number" || typeof name === "boolean")
          fault(`metadata.name of a ${object.kind} is ${name}, which is no text: kubectl refuses it. Put it in quotes`);
        objects.push(object);
        places.push({ file, line, ...(cluster === undefined ? {} : { cluster }) });
      }
    } else if (isOneOfMany) skipped.push(`${file}:${line}`);
    else fault("not a Kubernetes object: it has no apiVersion and kind");
  }
  return { objects, places, skipped, faults };
}

/** Whose a file is, as the first line of a rendered one says: `<environment>/<cluster>`. */
function ownerOf(text: string): string | undefined {
  const [, environment, cluster] = /^# Rendered by fleetwright from (\S+), cluster (\S+)\n/.exec(text) ?? [];
  return environment !== undefined && cluster !== undefined ? `${environment}/${cluster}` : undefined;
}

/** As it stands there: one that is no text would be taken for none. */
const nameOf = ({ metadata }: AnyObject): unknown => (Object(metadata) as { name?: unknown }).name;

function isObject(value: unknown): value is AnyObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind } = value as Record<string, unknown>;
  return typeof apiVersion === "string" && apiVersion !== "" && typeof kind === "string" && kind !== "";
}
