/**
 * Structural schemas in few words: each function is one type, and a name that ends in `!` is a required field.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */

/** One node of a structural schema. */
export interface Schema {
  readonly type: "object" | "array" | "string" | "integer" | "boolean";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly [keyword: string]: unknown;
}

/** Further keywords of a node, such as `minimum` and `default`. */
type Keywords = Readonly<Record<string, unknown>>;

export const text = (keywords: Keywords = {}): Schema => ({ type: "string", ...keywords });

export const flag: Schema = { type: "boolean" };

export const time: Schema = text({ format: "date-time" });

export const integer = (keywords: Keywords = {}): Schema => ({ type: "integer", ...keywords });

export const int32 = (keywords: Keywords = {}): Schema => integer({ format: "int32", ...keywords });

export const int64 = (keywords: Keywords = {}): Schema => integer({ format: "int64", ...keywords });

export const oneOf = (values: readonly string[], keywords: Keywords = {}): Schema =>
  text({ enum: values, ...keywords });

export const list = (items: Schema, keywords: Keywords = {}): Schema => ({ type: "array", items, ...keywords });

/** An object that is replaced as a whole: a reference to another one. */
export const reference = (named: Readonly<Record<string, Schema>>): Schema => ({
  ...fields(named),
  "x-kubernetes-map-type": "atomic",
});

/** Any keys, values of one type. */
export const map = (additionalProperties: Schema): Schema => ({ type: "object", additionalProperties });

/** Fields by name. `name!` is required. */
export function fields(named: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(named);
  const required = entries.flatMap(([name]) => (name.endsWith("!") ? [name.slice(0, -1)] : []));
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/!$/, ""), schema])),
    ...(required.length > 0 ? { required } : {}),
  };
}
