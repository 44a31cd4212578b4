/**
 * Where a field stands in an object, in the words of `metadata.managedFields`: lists whose items have an identity are
 * walked by it, so that a path stays true when somebody puts an item before it.
 *
 * @see https://github.com/kubernetes-sigs/structured-merge-diff (fieldpath, serialize-pe.go)
 */
import { isDeepStrictEqual } from "node:util";

/** One step down. */
export type Step =
  | { readonly field: string }
  /** The item of a list whose fields have these values, such as `{ "name": "app" }`. */
  | { readonly key: Readonly<Record<string, unknown>> }
  /** The item of a set. */
  | { readonly value: unknown }
  | { readonly index: number };

export type FieldPath = readonly Step[];

/** Any JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads `f:spec`, `k:{"name":"app"}`, `v:"finalizer"`, `i:0`; undefined for `.` and what it does not know. */
export function parseStep(raw: string): Step | undefined {
  const rest = raw.slice(2);
  switch (raw.slice(0, 2)) {
    case "f:":
      return { field: rest };
    case "k:":
      return { key: JSON.parse(rest) as Fields };
    case "v:":
      return { value: JSON.parse(rest) };
    case "i:":
      return { index: Number(rest) };
    default:
      return undefined;
  }
}

/** `spec.template.spec.containers[name=app].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function spelt(path: FieldPath): string {
  return path.map((step, index) => speltStep(step, index === 0)).join("");
}

function speltStep(step: Step, isFirst: boolean): string {
  if ("field" in step) {
    if (!/^[A-Za-z_$][\w$-]*$/.test(step.field)) return `["${step.field}"]`;
    return isFirst ? step.field : `.${step.field}`;
  }
  if ("index" in step) return `[${step.index}]`;
  if ("value" in step) return `[${JSON.stringify(step.value)}]`;
  return `[${Object.entries(step.key)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",")}]`;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(childAt, object);
}

/** What stands one step down. */
export function childAt(value: unknown, step: Step): unknown {
  if ("field" in step) return isFields(value) ? value[step.field] : undefined;
  if (!Array.isArray(value)) return undefined;
  if ("index" in step) return value[step.index];
  if ("value" in step) return value.find((item) => isDeepStrictEqual(item, step.value));
  return value.find((item) => hasKey(item, step.key)) ?? value.find((item) => mayHaveKey(item, step.key));
}

/** Whether an item of a list is the one of a key. */
const hasKey = (item: unknown, key: Fields): boolean =>
  isFields(item) && Object.entries(key).every(([name, value]) => item[name] === value);

/** The same of an item that somebody wrote: what it does not say of the key is defaulted. */
export function mayHaveKey(item: unknown, key: Fields): boolean {
  if (!isFields(item)) return false;
  const said = Object.entries(key).filter(([name]) => item[name] !== undefined);
  return said.length > 0 && said.every(([name, value]) => item[name] === value);
}

/**
 * Whether two values are the same to an API server: null is as good as absent, and the order of fields says nothing.
 */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (isFields(a) && isFields(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => isSame(a[name], b[name]));
  }
  return (a ?? undefined) === (b ?? undefined);
}
