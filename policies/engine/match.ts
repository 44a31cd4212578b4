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
 * An item of a typed list need not repeat its kind. {@link strangeItems} are not among them.
 */
export function expandLists(object: AnyObject, place: Path = []): Placed[] {
  const items = itemsOf(object);
  if (!items) return [{ object, place }];
  return items.flatMap((item, index) => (item ? expandLists(item, [...place, "items", index]) : []));
}

/** The items of lists that are no objects, and lists whose items are none: where they stand. */
export function strangeItems(object: AnyObject, place: Path = []): Path[] {
  const items = itemsOf(object);
  if (!items) return object.kind === "List" && (object.items ?? null) !== null ? [[...place, "items"]] : [];
  return items.flatMap((item, index): Path[] => {
    const at = [...place, "items", index];
    return item ? strangeItems(item, at) : [at];
  });
}

/** Of a list, each item as an object, undefined where it is none; undefined of what is no list. */
function itemsOf({ apiVersion, items, kind }: AnyObject): (AnyObject | undefined)[] | undefined {
  if (!isList(kind) || !Array.isArray(items)) return undefined;
  const ofType = kind.slice(0, -"List".length);
  return items.map((item: unknown) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
    const { apiVersion: version, kind: own, ...fields } = item as Partial<AnyObject>;
    // null and "" are absent, as the API server reads them
    const object = { ...fields, apiVersion: version || apiVersion, kind: own || ofType };
    const isObject = typeof object.apiVersion === "string" && typeof object.kind === "string" && object.kind !== "";
    return isObject ? object : undefined;
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
