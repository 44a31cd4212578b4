/** What many objects miss alike is said once, at the first of them. */
import type { GraphFinding } from "./graph-rule";
import type { SetObject } from "./set-object";

/** Objects that miss one thing, by what that is. */
export class Absences<Key> {
  readonly #objects = new Map<Key, SetObject[]>();

  add(key: Key, one: SetObject): void {
    const objects = this.#objects.get(key);
    if (objects) objects.push(one);
    else this.#objects.set(key, [one]);
  }

  /** @param isEach whether each object gets a finding of its own, as where it is denied */
  findings(
    verdict: GraphFinding["verdict"],
    path: string,
    isEach: boolean,
    sentence: (key: Key, on: SetObject, others: number) => string,
  ): GraphFinding[] {
    return [...this.#objects].flatMap(([key, objects]) => {
      const told = isEach ? objects : objects.slice(0, 1);
      const alike = objects.slice(told.length);
      return told.map((on): GraphFinding => ({ on, verdict, path, alike, message: sentence(key, on, alike.length) }));
    });
  }
}

/** ` (and 2 more)`; nothing for none. */
export const andMore = (others: number): string => (others > 0 ? ` (and ${others} more)` : "");
