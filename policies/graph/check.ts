/** Judges manifests as sets: one per cluster that files say they are of, else all that was given. */
import type { AnyObject } from "../engine/match";
import { refuses } from "../refusal";
import type { CheckResult, Variant } from "../result";
import type { GraphRule } from "./graph-rule";
import { judgeSet } from "./judgement";
import { ObjectSet } from "./object-set";
import type { ManifestPlace } from "./set-object";

export interface GraphCheckOptions {
  readonly rules: readonly GraphRule[];
  readonly places?: readonly (ManifestPlace | undefined)[];
  readonly isWhole: boolean;
  /** What the environment's clusters make of a rule; one without cluster where they agree, or there is none. */
  readonly variantsOf: (rule: GraphRule) => readonly Variant[];
  /** Whether levels are those of an environment, which may refuse what is left open. */
  readonly hasEnvironment: boolean;
}

export function checkGraph(objects: readonly AnyObject[], options: GraphCheckOptions): CheckResult[] {
  const { hasEnvironment, isWhole, rules, variantsOf } = options;
  const sets = setsOf(objects, options.places ?? [], isWhole);
  return rules.flatMap((rule) =>
    sets.flatMap(({ cluster: owner, set }) =>
      ofOwner(variantsOf(rule), owner).flatMap(
        ({ cluster = sets.length > 1 ? owner : undefined, settings, undetermined }) =>
          judgeSet(set, rule, settings).map(({ isElsewhere, on: _, ...result }): CheckResult => {
            const isRefused = hasEnvironment
              ? !isElsewhere && refuses(result, {}, settings, { undetermined })
              : result.verdict === "deny" && result.level === "deny";
            return { ...result, refuses: isRefused, ...(cluster === undefined ? {} : { cluster }) };
          }),
      ),
    ),
  );
}

/** A set that says whose it is, is judged as its cluster has it. */
function ofOwner(variants: readonly Variant[], owner: string | undefined): readonly Variant[] {
  const own = variants.filter(({ cluster }) => cluster === owner);
  return owner !== undefined && own.length > 0 ? own : variants;
}

interface OwnedSet {
  readonly cluster: string | undefined;
  readonly set: ObjectSet;
}

function setsOf(
  objects: readonly AnyObject[],
  places: readonly (ManifestPlace | undefined)[],
  isWhole: boolean,
): OwnedSet[] {
  const owners = [...new Set(objects.map((_, index) => places[index]?.cluster))];
  const hasOtherOwners = owners.length > 1;
  return owners.map((cluster) => {
    const positions = [...objects.keys()].filter((index) => places[index]?.cluster === cluster);
    const own = positions.flatMap((index) => objects[index] ?? []);
    const set = new ObjectSet(own, { places: positions.map((index) => places[index]), isWhole, hasOtherOwners });
    return { cluster, set };
  });
}
