/** Requests that a server is sent side by side. */
export const REQUESTS_AT_ONCE = 8;

/** Does the work for each item, so many at once; their order of ending is that of chance. */
export async function each<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  const next = async (): Promise<void> => {
    for (const [index, item] of entries) await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}
