/** Objects of one cluster of which parts are not known yet, judged as a set that others may add to. */
import type { Subject } from "../engine/judge";
import type { AnyObject } from "../engine/match";
import { type Path, printPath } from "../engine/path";
import type { RuleSettings } from "../parameters";
import type { GraphRule } from "./graph-rule";
import { exemptionOf, type GraphResult, graphResult, unsaid, verdictOf } from "./judgement";
import { ObjectSet } from "./object-set";
import { noting, withUnknownFields } from "./unknown-field";

export class PartialSet {
  readonly #objects: readonly AnyObject[];
  /** By the object as rules read it, the one that was given. */
  readonly #given = new Map<AnyObject, AnyObject>();
  readonly #whole: ObjectSet;

  constructor(subjects: readonly Subject[]) {
    this.#objects = subjects.map(({ object, unknown = [] }) => {
      const read = unknown.length === 0 ? object : withUnknownFields(object, unknown);
      this.#given.set(read, object);
      return read;
    });
    this.#whole = new ObjectSet(this.#objects, { hasOthers: true });
  }

  /**
   * What is not allowed or is exempt; nothing of what is allowed. `on` is the object that was given.
   *
   * A rule that reads what is not known could say one thing or the other. The object in which it stands is taken out, is
   * left open by itself, and the others are judged without it: as of every part of a set, what is denied there stays
   * denied whatever is added.
   */
  judge(rule: GraphRule, settings: RuleSettings | undefined): GraphResult[] {
    if (!settings)
      return this.#ofGiven(
        rule
          .looksAt(this.#whole)
          .slice(0, 1)
          .map(({ object }) => unsaid(object, rule)),
      );
    const open = new Map<AnyObject, Path>();
    for (let set = this.#whole; ; set = this.#without(open)) {
      const { reads, value } = noting(() => rule.find(set).map((one) => ({ ...verdictOf(set, one, settings), one })));
      for (const [object, path] of reads) open.set(object, path);
      if (reads.size > 0) continue;
      const found = value.map(({ one, ...verdict }) => graphResult(one.on.object, rule, settings, verdict));
      return this.#ofGiven([...found, ...[...open].map(([object, path]) => leftOpen(object, path, rule, settings))]);
    }
  }

  #without(open: ReadonlyMap<AnyObject, Path>): ObjectSet {
    return new ObjectSet(
      this.#objects.filter((object) => !open.has(object)),
      { hasOthers: true, isShortened: true },
    );
  }

  #ofGiven(results: readonly GraphResult[]): GraphResult[] {
    return results.map((result) => ({ ...result, on: this.#given.get(result.on) ?? result.on }));
  }
}

function leftOpen(object: AnyObject, path: Path, rule: GraphRule, settings: RuleSettings): GraphResult {
  const place = printPath(path);
  const exemption = exemptionOf(object, "", settings);
  const message = `${place} is not known yet, and what it will be decides: it is judged again once the update has made it`;
  return graphResult(object, rule, settings, {
    verdict: exemption ? "allow" : "undetermined",
    path: place,
    message,
    isElsewhere: false,
    ...(exemption ? { exemption } : {}),
  });
}
