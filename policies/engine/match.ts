/** Which rules look at which objects. */
import type { Rule } from "../rule";
import { type Path, valueAt } from "./path";

/** An object of a manifest, as far as it is known that it is one. */
export interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: unknown;
  readonly [field: string]: unknown;
}

/** What a result says of the object it judges. */
export interface ResourceName {
  readonly apiVersion: string;
  readonly kind: string;
  /** `""` for cluster-scoped objects, and where the manifest leaves it open. */
  readonly namespace: string;
  /** `metadata.name`, else `metadata.generateName`, else `""`. */
  readonly name: string;
}

/** `""` for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

export function matches(rule: Rule, apiVersion: string, kind: string): boolean {
  const group = groupOf(apiVersion);
  return rule.match.some((matched) => matched.group === group && matched.kind === kind);
}

/** Whether a rule can judge an object: with all beside it that the rule must see. */
export function isComplete({ joins = [] }: Pick<Rule, "joins">, object: AnyObject): boolean {
  return joins.every((join) => valueAt(object, ["joined", join]) !== undefined);
}

/** An object, and where it stands in the one that held it: `[]` for itself, `["items", 2]` in a list. */
export interface Placed {
  readonly object: AnyObject;
  readonly place: Path;
}

/**
 * The objects inside an object: the items of a `List` or of a typed list such as `PodList`, however deep, else itself.
 * An item of a typed list need not repeat its kind.
 */
export function expandLists(object: AnyObject, place: Path = []): Placed[] {
  const { items } = object;
  if (!isList(object.kind) || !Array.isArray(items)) return [{ object, place }];
  const kind = object.kind.slice(0, -"List".length);
  return items.flatMap((item: unknown, index) => {
    if (typeof item !== "object" || item === null) return [];
    const { apiVersion = object.apiVersion, kind: own = kind, ...fields } = item as Partial<AnyObject>;
    const isObject = typeof apiVersion === "string" && typeof own === "string" && own !== "";
    return isObject ? expandLists({ ...fields, apiVersion, kind: own }, [...place, "items", index]) : [];
  });
}

export function isList(kind: string): boolean {
  return kind.endsWith("List");
}

export function nameOf(object: AnyObject): ResourceName {
  const metadata = (object.metadata ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: text(metadata.namespace) ?? "",
    name: text(metadata.name) ?? text(metadata.generateName) ?? "",
  };
}
