/** A reference from one object to another that leads nowhere, and how references are found in plain values. */
import type { KubeObject } from "../kube-object";

export interface Dangling {
  readonly from: KubeObject;
  /** Where the name stands: `spec.issuerRef`. */
  readonly field: string;
  /** What it names: `Secret shop/token`. */
  readonly target: string;
  /** What is wrong with that, the end of a sentence. */
  readonly problem: string;
}

export const ABSENT = "which nothing here makes";

/** A value of an object that nobody typed, read field by field. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a value; none of what has no fields. */
export const fieldsOf = (value: unknown): Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};

/** The entries of a list; none of what is no list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The entries of a list as fields. */
export const entriesOf = (value: unknown): Fields[] => listOf(value).map(fieldsOf);

/** A value that is text, else undefined. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The value at a path of fields: `at(object, "spec", "template")`. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, field) => fieldsOf(inner)[field], value);

/** Every text inside a value, with its path. */
export function textsIn(value: unknown, path = ""): { readonly path: string; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((inner, index) => textsIn(inner, `${path}[${index}]`));
  return Object.entries(fieldsOf(value)).flatMap(([field, inner]) => textsIn(inner, path ? `${path}.${field}` : field));
}

/** Every value that stands under one of the given field names, with its path. */
export function namedFieldsIn(
  value: unknown,
  names: readonly string[],
  path = "",
): { readonly path: string; readonly field: string; readonly value: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => namedFieldsIn(inner, names, `${path}[${index}]`));
  return Object.entries(fieldsOf(value)).flatMap(([field, inner]) => {
    const here = path ? `${path}.${field}` : field;
    return [
      ...(names.includes(field) ? [{ path: here, field, value: inner }] : []),
      ...namedFieldsIn(inner, names, here),
    ];
  });
}
