/** What many objects miss alike is said once, at the first of them. */
import type { GraphFinding } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import type { SetObject } from "./set-object";

/** @param others how many others miss it as well */
type Sentence<Key> = (key: Key, on: SetObject, others: number) => string;

/** Objects that miss one thing, by what that is. */
export class Absences<Key> {
  readonly #objects = new Map<Key, SetObject[]>();

  add(key: Key, one: SetObject): void {
    const objects = this.#objects.get(key);
    if (objects) objects.push(one);
    else this.#objects.set(key, [one]);
  }

  /** That nobody knows. */
  open(path: string, sentence: Sentence<Key>): GraphFinding[] {
    return [...this.#objects].flatMap(([key, [on, ...alike]]) =>
      on ? [{ on, verdict: "undetermined", path, alike, message: sentence(key, on, alike.length) }] : [],
    );
  }

  /**
   * That it is missing: said at each object where it is nowhere, since each is denied then.
   *
   * @param canMake whether an installer may make it
   */
  missing(
    { installers, isWhole }: Pick<ObjectSet, "installers" | "isWhole">,
    path: string,
    canMake: (installer: SetObject, key: Key) => boolean,
    sentence: Sentence<Key>,
  ): GraphFinding[] {
    return [...this.#objects].flatMap(([key, objects]) => {
      const makers = installers.filter((one) => canMake(one, key));
      const told = isWhole && makers.length === 0 ? objects : objects.slice(0, 1);
      const alike = objects.slice(told.length);
      return told.map(
        (on): GraphFinding => ({
          on,
          verdict: "absent",
          path,
          alike,
          makers,
          message: sentence(key, on, alike.length),
        }),
      );
    });
  }
}

/** ` (and 2 more)`; nothing for none. */
export const andMore = (others: number): string => (others > 0 ? ` (and ${others} more)` : "");
