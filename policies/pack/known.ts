/** Takes a resource's values out of the SDK's proxy, which throws at each value that a preview does not know. */
import { UnknownValueError } from "@pulumi/policy";
import type { Path } from "../engine/path";

/** A value without what is not known, and the places of that. */
export interface Known {
  readonly value: unknown;
  readonly unknown: readonly Path[];
}

/** @param value a value of `args.props`; an unknown one is left out of objects, and null in arrays */
export function known(value: unknown): Known {
  const unknown: Path[] = [];
  return { value: copy(value, [], unknown), unknown };
}

function copy(value: unknown, path: Path, unknown: Path[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return Array.from({ length: value.length }, (_, index) => read(value, index, path, unknown) ?? null);
  }
  const fields = Object.keys(value).map((key) => [key, read(value, key, path, unknown)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

function read(holder: object, key: string | number, path: Path, unknown: Path[]): unknown {
  const place = [...path, key];
  try {
    return copy(Reflect.get(holder, key), place, unknown);
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    unknown.push(place);
    return undefined;
  }
}
