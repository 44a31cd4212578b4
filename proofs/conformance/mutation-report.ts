/** The mutation score, and what of it needs a reason. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../../components/package-root";
import type { Mutant } from "./mutant";
import type { Fate } from "./mutation";

const equivalentSchema = z.strictObject({
  /** Below `policies/`. */
  file: z.string().min(1),
  /** The line without its indentation, so that it is found when lines above it come and go. */
  source: z.string().min(1),
  /** As a survivor is printed: `== becomes !=`. */
  change: z.string().min(1),
  /** Why no object can tell the mutant from the rule. */
  reason: z.string().min(1),
});

export type Equivalent = z.output<typeof equivalentSchema>;

export interface MutationReport {
  /** Killed of those that could be: without what does not compile, rewords a message, or is an equivalent. */
  readonly score: number;
  readonly mutants: number;
  readonly killed: number;
  readonly survived: number;
  readonly equivalent: number;
  readonly reworded: number;
  readonly stillborn: number;
  /** `rules/image-tag/rule.rego:12 == becomes !=`. */
  readonly survivors: readonly string[];
}

/** `proofs/conformance/equivalent-mutants.yaml`. */
export function equivalentMutants(): Equivalent[] {
  const file = join(packageRoot(), "proofs", "conformance", "equivalent-mutants.yaml");
  return z.array(equivalentSchema).parse(parse(readFileSync(file, "utf8")) ?? []);
}

export function isEquivalent({ file, source, change }: Mutant, known: readonly Equivalent[]): boolean {
  return known.some((one) => one.file === file && one.source === source && one.change === change);
}

export function mutationReport(
  mutants: readonly Mutant[],
  fates: readonly Fate[],
  known: readonly Equivalent[],
): MutationReport {
  const of = (fate: Fate) => mutants.filter((_, index) => fates[index] === fate);
  const killed = of("killed").length;
  const survivors = of("survived").filter((mutant) => !isEquivalent(mutant, known));
  return {
    score: killed + survivors.length === 0 ? 0 : killed / (killed + survivors.length),
    mutants: mutants.length,
    killed,
    survived: survivors.length,
    equivalent: of("survived").length - survivors.length,
    reworded: of("reworded").length,
    stillborn: of("stillborn").length,
    survivors: survivors.map(({ file, line, change, source }) => `${file}:${line} ${change}: ${source}`),
  };
}
