/** Choices that a seed decides: the same seed makes the same choices on every machine. */

/** Mulberry32 by Tommy Ettinger, public domain: 32 bits of state are plenty for samples of some ten thousand. */
export class Chance {
  #state: number;

  /** @param seed any text; parts of a proof add their own name, so that one more choice here moves none there */
  constructor(seed: string) {
    // FNV-1a
    this.#state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @throws Error when there is nothing to choose from */
  one<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error("nothing to choose from");
    return from[Math.floor(this.next() * from.length)] as T; // an index of the list; what is chosen may be undefined
  }

  /** All of them, in an order of chance. */
  shuffled<T>(from: readonly T[]): T[] {
    const ranked = from.map((item) => ({ item, rank: this.next() }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  }

  /** At most so many, each once, in the order in which they stood. */
  some<T>(from: readonly T[], most: number): T[] {
    const chosen = new Set(this.shuffled([...from.keys()]).slice(0, most));
    return from.filter((_, index) => chosen.has(index));
  }
}
