/** What the parts of one cluster came to: whoever asks for many variants of it makes anew only what is given something else. */
import { isDeepStrictEqual } from "node:util";
import type { MakePart } from "../../components/cluster-parts";
import type { Part } from "../../components/part";

interface Made {
  readonly given: readonly unknown[];
  readonly part: Part;
}

export class KeptParts {
  /** By the function that makes a part. */
  readonly #known = new Map<unknown, Made[]>();

  /** What a function made, in the order in which it was asked. */
  of(part: unknown): readonly Part[] {
    return (this.#known.get(part) ?? []).map((one) => one.part);
  }

  /** Makes a part, and keeps it; one that is kept is not made again. */
  readonly keep: MakePart = (part, ...given) => {
    const known = this.#same(part, given);
    if (known) return known;
    const made = part(...given);
    this.#known.set(part, [...(this.#known.get(part) ?? []), { given, part: made }]);
    return made;
  };

  /** A part follows from what it is given, and from nothing else: from the same follows the same. What is new is not kept. */
  readonly made: MakePart = (part, ...given) => this.#same(part, given) ?? part(...given);

  #same(part: unknown, given: readonly unknown[]): Part | undefined {
    return this.#known.get(part)?.find((one) => isDeepStrictEqual(one.given, given))?.part;
  }
}
