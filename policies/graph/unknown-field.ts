/**
 * Objects of which parts are not known yet, as rules over sets may read them: a field that is not known reads as absent, and
 * whoever reads it is noted. A rule that noted nothing has said what is true whatever the fields turn out to be.
 */
import type { AnyObject } from "../engine/match";
import type { Path } from "../engine/path";

/** Objects and lists with a field that is not known: their other fields are read one by one, as they are asked for. */
const withUnknown = new WeakSet<object>();

/** By object, the first of its unknown places that was read. */
export type UnknownReads = ReadonlyMap<AnyObject, Path>;

let noted: Map<AnyObject, Path> | undefined;

/**
 * The object, in which reading one of the places is noted.
 *
 * @param unknown places that the object lacks, or that are null in its lists
 */
export function withUnknownFields(object: AnyObject, unknown: readonly Path[]): AnyObject {
  const view = (value: unknown, places: readonly Path[], depth: number): object => {
    const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) };
    withUnknown.add(copy);
    for (const key of new Set(places.map((place) => place[depth] as string | number))) {
      const below = places.filter((place) => place[depth] === key);
      const own = below.find((place) => place.length === depth + 1);
      const kept = (copy as Record<string | number, unknown>)[key];
      if (own) Object.defineProperty(copy, key, { enumerable: true, configurable: true, get: () => note(own) });
      else if (typeof kept === "object" && kept !== null) {
        Object.defineProperty(copy, key, { enumerable: true, value: view(kept, below, depth + 1) });
      }
    }
    return copy;
  };
  const whole = view(object, unknown, 0) as AnyObject;
  function note(place: Path): undefined {
    if (noted && !noted.has(whole)) noted.set(whole, place);
  }
  return whole;
}

/** What a judgement came to, and what it would have had to know. */
export function noting<T>(judge: () => T): { readonly value: T; readonly reads: UnknownReads } {
  const before = noted;
  const reads = new Map<AnyObject, Path>();
  noted = reads;
  try {
    return { value: judge(), reads };
  } finally {
    noted = before;
  }
}

/** Whether a field of the object or list itself is not known, or one below. */
export const hasUnknown = (value: object): boolean => withUnknown.has(value);

/** Whether the value at the end of field names, or what it stands in, is not known. Reads nothing. */
export function isUnknownAt(value: unknown, ...names: readonly string[]): boolean {
  const [name, ...others] = names;
  if (name === undefined || typeof value !== "object" || value === null || !withUnknown.has(value)) return false;
  const { get, value: field } = Object.getOwnPropertyDescriptor(value, name) ?? {};
  return get !== undefined || isUnknownAt(field, ...others);
}

/** The fields by another reading of each, of which those that are not known still note who reads them. */
export function mapKnown<T>(fields: object, map: (value: unknown) => T | undefined): Record<string, T> {
  const mapped: Record<string, T> = {};
  withUnknown.add(mapped);
  for (const [key, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(fields))) {
    const own = get ? undefined : map(value);
    if (get) Object.defineProperty(mapped, key, { enumerable: true, get });
    else if (own !== undefined) mapped[key] = own;
  }
  return mapped;
}
