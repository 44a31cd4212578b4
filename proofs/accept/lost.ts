/** What a program has not read of a document: it stands in what was written and not in what the program writes. */

/**
 * The path of the first value that is lost or changed; undefined where there is none. What is empty or false may be left
 * out, as programs do that write only what differs from their zero values.
 */
export function firstLost(written: unknown, read: unknown): string | undefined {
  if (typeof written !== "object" || written === null) {
    return written === read || (!written && read === undefined) ? undefined : "";
  }
  const found = typeof read === "object" && read !== null ? (read as Readonly<Record<string, unknown>>) : {};
  for (const [key, value] of Object.entries(written)) {
    const below = firstLost(value, found[key]);
    if (below !== undefined) return below === "" ? key : `${key}.${below}`;
  }
  return undefined;
}
