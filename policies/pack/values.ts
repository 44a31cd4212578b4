/**
 * Values as the engine sends them to a policy pack: what a preview does not know yet, and what is secret, are marked.
 *
 * @see sdk/go/common/resource/plugin/rpc.go and sdk/go/common/resource/sig of pulumi 3.259 for the marks
 */
import type { Path } from "../engine/path";

/** One for each type that the value may come to have: bool, number, string, array, asset, archive, object. */
const UNKNOWN = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
/** The key whose value says that an object is more than an object. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value without its marks. */
export interface Received {
  /** Unknown values are left out of objects, and null in arrays; secrets stand in plain. */
  readonly value: unknown;
  readonly unknown: readonly Path[];
  /** Texts that must not be repeated anywhere. */
  readonly secrets: readonly string[];
}

/** What was read already: a resource is judged by itself and kept for the end, and a definition may be a megabyte. */
const read = new WeakMap<object, Received>();

export function received(marked: unknown): Received {
  const key = typeof marked === "object" && marked !== null ? marked : {};
  const before = read.get(key);
  if (before) return before;
  const unknown: Path[] = [];
  const secrets: string[] = [];
  const without = { value: plain(marked, [], false, unknown, secrets), unknown, secrets };
  read.set(key, without);
  return without;
}

function plain(marked: unknown, path: Path, isSecret: boolean, unknown: Path[], secrets: string[]): unknown {
  if (typeof marked === "string") {
    if (UNKNOWN.has(marked)) {
      unknown.push(path);
      return undefined;
    }
    if (isSecret) secrets.push(marked);
    return marked;
  }
  if (typeof marked !== "object" || marked === null) return marked;
  if (Array.isArray(marked)) {
    return marked.map((entry, index) => plain(entry, [...path, index], isSecret, unknown, secrets) ?? null);
  }
  const fields = marked as Record<string, unknown>;
  if (fields[SIGNATURE] === SECRET) return plain(fields.value, path, true, unknown, secrets);
  const entries = Object.entries(fields).map(
    ([key, field]) => [key, plain(field, [...path, key], isSecret, unknown, secrets)] as const,
  );
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
}
