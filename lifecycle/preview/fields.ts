/** Which fields of an object change, and which only seem to. */
import { isDeepStrictEqual } from "node:util";
import { isSecret, UNKNOWNS } from "../engine-event";
import { formatPath, meet, type PropertyPath, parsePath, pathsWhere, valueAt } from "./property-path";
import type { ChangedField } from "./report";
import type { PlannedResource } from "./steps";

/** The changed fields of one object. */
export interface Fields {
  readonly fields: readonly ChangedField[];
  /** Why each of the others is left out. */
  readonly hidden: readonly string[];
}

interface Difference {
  readonly path: PropertyPath;
  readonly from: unknown;
  readonly to: unknown;
}

/** What our own previews put into an object to have it shown as replaced (components/objects.ts). */
const MARK: PropertyPath = ["metadata", "annotations", "fleetwright.dev/replaced"];

/** Stands for what nobody may see: no text, so that it is not shown. */
const BLINDED = {};

const SAME_EVERYWHERE = "the provider lists a field whose value is the same before, after, and when it was last read";
const NOT_OURS = "the provider lists a field that is not among what is applied";
const INJECTED = "a certificate that the cluster fills in by itself (cert-manager.io/inject-ca-from)";

/** Fields of a replaced or updated object; none of one that is made or deleted, for all of it is. */
export function changedFields({ detailedDiff, new: next, old, operation }: PlannedResource): Fields {
  if (operation !== "update" && operation !== "replace") return { fields: [], hidden: [] };
  const [before, after, live] = [old?.inputs ?? {}, next?.inputs ?? {}, old?.outputs ?? {}];
  const inputs = differences(before, after).filter(({ path }) => !isDeepStrictEqual(path, MARK));
  const listed = Object.entries(detailedDiff).map(([text, { diffKind }]) => ({ path: parsePath(text), diffKind }));
  const others = listed.filter(({ path }) => !meet(path, MARK) && !inputs.some((one) => meet(one.path, path)));
  const hidden: string[] = [];
  const drifted: Difference[] = [];
  // a secret is blinded before and after, and what is blinded looks alike: there the provider is believed
  const isBlind = [before, after].some((root) => root.kind === "Secret" || pathsWhere(root, isSecret).length > 0);
  for (const { path } of others) {
    if (isBlind) {
      drifted.push({ path, from: BLINDED, to: BLINDED });
      continue;
    }
    const [was, will, is] = [before, after, live].map((root) => valueAt(root, path));
    if (was === undefined && will === undefined) hidden.push(NOT_OURS);
    else if (isDeepStrictEqual(was, will) && isDeepStrictEqual(will, is)) hidden.push(SAME_EVERYWHERE);
    else drifted.push({ path, from: is, to: will });
  }
  const isReplacing = ({ path }: Difference) =>
    listed.some((one) => one.diffKind.endsWith("-replace") && meet(one.path, path));
  const fields = [...inputs, ...drifted].flatMap((one) => {
    if (isInjected(one.path, after)) {
      hidden.push(INJECTED);
      return [];
    }
    return [changed(one, isReplacing(one), [before, after])];
  });
  return { fields, hidden };
}

/** Paths of what is not known before `up`. */
export function unknownPaths({ new: next }: Pick<PlannedResource, "new">): string[] {
  const paths = pathsWhere(next?.inputs ?? {}, (value) => UNKNOWNS.has(value));
  return paths.filter((path) => !isDeepStrictEqual(path, MARK)).map(formatPath);
}

/** Where two values differ, as high up as something was added or taken away. */
function differences(from: unknown, to: unknown, path: PropertyPath = []): Difference[] {
  if (isDeepStrictEqual(from, to)) return [];
  const isLeaf = !isTree(from) || !isTree(to) || Array.isArray(from) !== Array.isArray(to) || [from, to].some(isSecret);
  if (isLeaf) return [{ path, from, to }];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => !key.startsWith("__"));
  return keys.flatMap((key) => {
    const step = Array.isArray(from) ? Number(key) : key;
    return differences(valueAt(from, [step]), valueAt(to, [step]), [...path, step]);
  });
}

const isTree = (value: unknown): value is object => typeof value === "object" && value !== null;

function changed(
  { from, path, to }: Difference,
  replaces: boolean,
  roots: readonly Readonly<Record<string, unknown>>[],
): ChangedField {
  const isOpen = mayBeShown(path, roots);
  const [was, will] = [from, to].map((value) => (isOpen ? shown(value) : undefined));
  return {
    path: formatPath(path),
    change: from === undefined ? "add" : to === undefined ? "delete" : "update",
    ...(replaces ? { replaces: true as const } : {}),
    ...(was === undefined ? {} : { from: was }),
    ...(will === undefined ? {} : { to: will }),
  };
}

/** Longest value that is shown: what a reader compares at a glance. */
const LONGEST_VALUE = 80;

function shown(value: unknown): string | undefined {
  if (UNKNOWNS.has(value) || !["string", "number", "boolean"].includes(typeof value)) return undefined;
  const text = String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** Names under which people keep what nobody else may read. */
const CONFIDENTIAL = /pass(word|phrase|wd)|secret|token|credential|private|api-?key|access-?key|last-applied-config/i;

/** Of a Secret nothing; of others nothing whose name, or whose neighbour `name`, sounds confidential. */
function mayBeShown(path: PropertyPath, roots: readonly Readonly<Record<string, unknown>>[]): boolean {
  if (roots.some(({ kind }) => kind === "Secret")) return false;
  const neighbours = roots.map((root) => valueAt(root, [...path.slice(0, -1), "name"]));
  const names = [...path, ...(path.at(-1) === "value" ? neighbours : [])];
  return !names.some((name) => typeof name === "string" && CONFIDENTIAL.test(name));
}

/** A `caBundle` of an object for which somebody fills it in: what is applied there does not stay. */
function isInjected(path: PropertyPath, object: Readonly<Record<string, unknown>>): boolean {
  if (path.at(-1) !== "caBundle") return false;
  const annotations = valueAt(object, ["metadata", "annotations"]);
  return (
    isTree(annotations) && Object.keys(annotations).some((name) => name.startsWith("cert-manager.io/inject-ca-from"))
  );
}
