/**
 * Divergences that are put in on purpose. Each must raise the alarm: a proof that never fails would agree with everything.
 */
import { Chance } from "./chance";
import { askAll } from "./comparison";
import type { Lane } from "./lane";
import type { Mutant } from "./mutant";
import type { SourceTree } from "./source-tree";
import { checked, type Trial } from "./trial";

/** What sabotage works on. */
export interface Ground {
  readonly opa: string;
  readonly gator: string;
  readonly sources: SourceTree;
  /** Trials of authored objects, those with unknown values and secrets included. */
  readonly trials: readonly Trial[];
  /** Mutants that the cases are known to notice. */
  readonly mutants: readonly Mutant[];
  /** The lanes as they should be. */
  readonly preview: Lane;
  readonly audit: Lane;
  readonly witness: Lane;
}

/** Something that was put in. */
export interface Planted {
  /** Where, in a few words: `IM-03`. */
  readonly where: string;
  /** What is asked, so that the divergence can show. */
  readonly trials: readonly Trial[];
  /** One lane as it should be, and the one that was spoilt. */
  readonly lanes: readonly Lane[];
  /** Takes it out again. */
  readonly remove: () => Promise<void>;
}

/** A way to go wrong. */
export interface Sabotage {
  /** `the pack was compiled from older rules`. */
  readonly name: string;
  /** Undefined where the ground, or chance, offers no place for it. */
  readonly plant: (ground: Ground, chance: Chance) => Promise<Planted | undefined>;
}

export interface SabotageReport {
  readonly seeded: number;
  readonly caught: number;
  /** What was put in and not noticed. */
  readonly missed: readonly string[];
  /** How often each was put in. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** Places that chance is given before a sabotage counts as impossible here. */
const TRIES = 20;

/**
 * Puts each in, so many times, and looks whether the comparison notices.
 *
 * @param said told what is put in
 */
export async function sabotaged(
  all: readonly Sabotage[],
  ground: Ground,
  { seed, times, said = () => {} }: { seed: number; times: number; said?: (name: string) => void },
): Promise<SabotageReport> {
  const kinds: Record<string, number> = {};
  const missed: string[] = [];
  let seeded = 0;
  for (const { name, plant } of all) {
    kinds[name] = 0;
    const chance = new Chance(`${seed} ${name}`);
    for (let tries = 0; tries < TRIES && kinds[name] < times; tries++) {
      const planted = await plant(ground, chance);
      if (!planted) continue;
      said(`${name}, ${planted.where}`);
      kinds[name] += 1;
      seeded += 1;
      if (!(await isNoticed(planted))) missed.push(`${name}: ${planted.where}`);
      await planted.remove();
    }
  }
  return { seeded, caught: seeded - missed.length, missed, kinds };
}

async function isNoticed({ trials, lanes }: Planted): Promise<boolean> {
  const answered = await askAll(
    lanes,
    trials.flatMap(({ questions }) => questions),
  );
  return checked(trials, answered).disagreements.length > 0;
}
