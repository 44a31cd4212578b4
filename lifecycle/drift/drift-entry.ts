/** What differs between a cluster and what was deployed to it, as it is reported. */
import type { KubeObject } from "../../components/kube-object";
import { childAt, type FieldPath, isFields, isSame, spelt } from "./field-path";
import type { Owner } from "./ownership";

/** Of an object. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where it lies in none. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * - `deleted`: an object is gone, or on its way out;
 * - `replaced`: it was deleted and made again by somebody else;
 * - `removed`: a field, or an item of a list, is gone;
 * - `changed`: a field has another value;
 * - `added`: a list that is ours as a whole has one more item;
 * - `orphan`: an object carries our label, and neither the environment nor the state knows it.
 */
export type DriftKind = "deleted" | "replaced" | "removed" | "changed" | "added" | "orphan";

/** One finding. */
export interface DriftEntry {
  readonly stack: string;
  readonly cluster: string;
  readonly object: ObjectName;
  /** Which component declares it; undefined for an orphan. */
  readonly component?: string;
  /** The field, such as `spec.template.spec.containers[name=app].image`; empty where the object as a whole is meant. */
  readonly path: string;
  readonly kind: DriftKind;
  /** What the environment says; undefined where it says nothing. Of a Secret's data only that it is hidden. */
  readonly expected?: unknown;
  /** What is there; undefined where nothing is. */
  readonly found?: unknown;
  /** Who wrote it, as the API server recorded; undefined where nobody is recorded, as for what is gone. */
  readonly manager?: string;
  readonly operation?: Owner["operation"];
  readonly subresource?: string;
  /** When, RFC 3339. */
  readonly time?: string;
}

/** Worst first. */
export const DRIFT_KINDS: readonly DriftKind[] = ["deleted", "replaced", "removed", "changed", "added", "orphan"];

/** Worst first, and then as they are called. */
export function worstFirst(entries: readonly DriftEntry[]): DriftEntry[] {
  const rank = ({ kind }: DriftEntry) => DRIFT_KINDS.indexOf(kind);
  const name = ({ cluster, object, path, stack }: DriftEntry) => [stack, cluster, nameOfObject(object), path].join(" ");
  return entries.toSorted((a, b) => rank(a) - rank(b) || name(a).localeCompare(name(b)));
}

/** `Deployment shop/cart`; of an object without namespace only its name. */
export const nameOfObject = ({ kind, name, namespace }: ObjectName) =>
  `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;

export function objectName({ apiVersion, kind, metadata }: KubeObject): ObjectName {
  return { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
}

/** What is the same in all findings about one object. */
export type About = Pick<DriftEntry, "stack" | "cluster" | "object" | "component">;

/** A field that differs. */
export interface DriftedField {
  readonly path: FieldPath;
  /** As the API server would store what is declared. */
  readonly expected: unknown;
  readonly found: unknown;
  readonly owner: Owner | undefined;
}

/** The findings of one field: of a list that only grew or shrank one for each item, otherwise one. */
export function fieldEntries(about: About, { expected, found, owner, path }: DriftedField): DriftEntry[] {
  const entry = (kind: DriftKind, at: FieldPath, values: Pick<DriftEntry, "expected" | "found">): DriftEntry => ({
    ...about,
    path: spelt(at),
    kind,
    ...shown(about.object, at, values),
    ...owner,
  });
  if (found === undefined) return [entry("removed", path, { expected })];
  if (Array.isArray(expected) && Array.isArray(found)) {
    const more = itemsBeyond(found, expected);
    const less = itemsBeyond(expected, found);
    if (more.length > 0 && less.length === 0) {
      return more.map((index) => entry("added", [...path, { index }], { found: found[index] }));
    }
    if (less.length > 0 && more.length === 0) {
      return less.map((index) => entry("removed", [...path, { index }], { expected: expected[index] }));
    }
  }
  return [entry("changed", path, { expected, found })];
}

/** Places of the items of a list that the other list does not have, each counted once. */
function itemsBeyond(list: readonly unknown[], other: readonly unknown[]): number[] {
  const left = [...other];
  return list.flatMap((item, index) => {
    const at = left.findIndex((one) => isSame(one, item));
    if (at < 0) return [index];
    left.splice(at, 1);
    return [];
  });
}

/** In the place of what a Secret holds. */
const HIDDEN = "(hidden)";

/** What a Secret holds is never shown. */
function shown(
  { apiVersion, kind }: ObjectName,
  path: FieldPath,
  values: Pick<DriftEntry, "expected" | "found">,
): Pick<DriftEntry, "expected" | "found"> {
  const [first] = path;
  const isSecret = apiVersion === "v1" && kind === "Secret" && first !== undefined && "field" in first;
  const hides = isSecret && ["data", "stringData"].includes(first.field);
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, hides ? HIDDEN : value]),
  );
}

/** Who keeps an object that is on its way out. */
export function deletionOf(object: KubeObject): string | undefined {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (typeof deletionTimestamp !== "string") return undefined;
  const spec = isFields(object.spec) ? childAt(object.spec, { field: "finalizers" }) : undefined;
  const held = [finalizers, spec].flatMap((some) => (Array.isArray(some) ? some.map(String) : []));
  return `being deleted since ${deletionTimestamp}${held.length > 0 ? `, held by ${held.join(", ")}` : ""}`;
}
