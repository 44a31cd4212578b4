/**
 * What else could stand at a place of an environment file. An alternative is a guess: whoever tries it asks the schema
 * first, and passes over what it does not take.
 */
import type { JsonSchema, Setting } from "./settings";

/** In the order in which they are to be tried; undefined is the place left empty. */
export function alternativesOf({ form, schema, value }: Setting, raw: unknown): unknown[] {
  if (form === "entry") return [undefined];
  const others = distinct(valuesBeside(schema, value, namesBeside(raw, value)));
  return others.filter((other) => JSON.stringify(other) !== JSON.stringify(value));
}

function valuesBeside(schema: JsonSchema, value: unknown, names: readonly string[]): unknown[] {
  if (schema.enum) return [...schema.enum];
  switch (typeof value) {
    case "boolean":
      return [!value];
    case "number":
      return numbersBeside(schema, value);
    case "string":
      return [...names, ...textsBeside(value)];
    default:
      return Array.isArray(value) ? listsBeside(schema, value, names) : [];
  }
}

/** One more, one less, and of shares half the way to either bound. */
function numbersBeside({ maximum, minimum, type }: JsonSchema, value: number): number[] {
  if (type === "integer" || (Number.isInteger(value) && (maximum ?? 2) > 1)) {
    return [value + 1, value - 1, value * 2, Math.floor(value / 2)];
  }
  const [least, most] = [minimum ?? value / 2, maximum ?? value * 2];
  return [(value + most) / 2, (value + least) / 2].map((number) => Number(number.toPrecision(6)));
}

/** Another last or first number, as in `10.0.0.0/16`, `16Gi`, `1.35`, `5m`; something more at the end. */
function textsBeside(text: string): string[] {
  const counted = (pattern: RegExp, by: number) =>
    text.replace(pattern, (digits) => String(Math.max(0, Number(digits) + by)).padStart(digits.length, "0"));
  const [first, last] = [/\d+/, /\d+(?=\D*$)/];
  const ofNumbers = [counted(first, 1), counted(last, 1), counted(last, -1), counted(first, -1)];
  return /^[a-z][-a-z0-9]*$/.test(text)
    ? [`${text}-x`, `${text}x`, ...ofNumbers]
    : [...ofNumbers, `${text}x`, `${text}/x`];
}

/** One of them another, one fewer, one more. */
function listsBeside({ items = {} }: JsonSchema, list: readonly unknown[], names: readonly string[]): unknown[][] {
  const [first, ...others] = list;
  const beside = first === undefined ? (items.enum ?? []) : distinct(valuesBeside(items, first, names));
  const missing = beside.filter((value) => !list.includes(value)).slice(0, 4);
  return [
    ...missing.map((value) => [value, ...others]),
    ...missing.slice(0, 1).map((value) => [...list, value]),
    others,
  ];
}

/** Where a value is the name of an entry of a map of the file, the names of the other entries. */
function namesBeside(raw: unknown, value: unknown): string[] {
  const name = Array.isArray(value) ? value[0] : value;
  if (typeof raw !== "object" || raw === null || typeof name !== "string") return [];
  const keys = Array.isArray(raw) ? [] : Object.keys(raw);
  const others = keys.includes(name) && Object.values(raw).every(isObject) ? keys.filter((key) => key !== name) : [];
  return [...others, ...Object.values(raw).flatMap((inner) => namesBeside(inner, value))];
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;

const distinct = (values: readonly unknown[]) => [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
