/** Fields of objects that nobody has checked: whatever has another shape than expected reads as if it were not there. */
import { hasUnknown, mapKnown } from "./unknown-field";

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const textsOf = (value: unknown): string[] =>
  listOf(value).filter((one): one is string => typeof one === "string");

/** The value at the end of field names. */
export const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((fields, name) => fieldsOf(fields)[name], value);

/** Labels or annotations; numbers and booleans, which the API server would refuse, read as text. */
export function stringsOf(value: unknown): Readonly<Record<string, string>> {
  const fields = fieldsOf(value);
  if (hasUnknown(fields)) {
    return mapKnown(fields, (one) => (one === null || typeof one === "object" ? undefined : String(one)));
  }
  const entries = Object.entries(fields).filter(([, one]) => one !== null && typeof one !== "object");
  return Object.fromEntries(entries.map(([key, one]) => [key, String(one)]));
}
