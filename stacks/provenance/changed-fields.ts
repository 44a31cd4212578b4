/** Where two forms of one object differ. */
import { isDeepStrictEqual } from "node:util";
import { printPath } from "../../policies/engine/path";

/** Paths of the fields that differ, as violations say them; a list whose length differs is one field. */
export function changedFields(before: unknown, after: unknown): string[] {
  return pathsOf(before, after, []).map(printPath);
}

type FieldPath = readonly (string | number)[];

function pathsOf(before: unknown, after: unknown, path: FieldPath): FieldPath[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((value, index) => pathsOf(value, after[index], [...path, index]));
  }
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => pathsOf(before[name], after[name], [...path, name]));
  }
  return isDeepStrictEqual(before, after) ? [] : [path];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
