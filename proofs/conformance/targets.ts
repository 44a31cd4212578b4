/** What must come out of the proof. */
import type { ConformanceReport } from "./report";

/** Least share of mutants that the rules' own cases must notice. */
export const LEAST_MUTATION_SCORE = 0.9;

/** Each target that a report misses, as a sentence; none when all is well. */
export function missedTargets(report: ConformanceReport): string[] {
  const { agreement, engineErrors, psa, mutationScore, sabotage } = report;
  const { seeded, caught } = sabotage;
  return [
    agreement < 1
      ? [`agreement is ${agreement}, must be 1: ${report.disagreements.length} comparisons do not agree`]
      : [],
    engineErrors > 0 ? [`engineErrors is ${engineErrors}, must be 0`] : [],
    psa.missed > 0 ? [`psa.missed is ${psa.missed}, must be 0: pods that upstream fails were let pass`] : [],
    psa.falselyDenied > 0 ? [`psa.falselyDenied is ${psa.falselyDenied}, must be 0`] : [],
    mutationScore < LEAST_MUTATION_SCORE
      ? [`mutationScore is ${mutationScore}, must be at least ${LEAST_MUTATION_SCORE}`]
      : [],
    caught < seeded ? [`sabotage.caught is ${caught}, must be ${seeded}: a divergence went unnoticed`] : [],
  ].flat();
}
