/** The report in lines, for who runs the proof. */
import type { ConformanceReport } from "./report";

/** Disagreements, errors and the like that are printed; all of them stand in the document. */
const MOST_LINES = 20;

export const count = (value: number) => value.toLocaleString("en-US");

/** A share as a percentage, which is 100 only where it is whole. */
export function percent(share: number): string {
  return `${(Math.floor(share * 10_000) / 100).toFixed(2).replace(/\.?0+$/, "")} %`;
}

export function linesOf(report: ConformanceReport): string[] {
  const { verdicts, possibleVerdicts, seed, agreement, comparisons, engineErrors, psa, mutation, sabotage } = report;
  return [
    `conformance: ${count(verdicts)} of ${count(possibleVerdicts)} verdicts, seed ${seed}`,
    `agreement: ${percent(agreement)} of ${count(comparisons)} comparisons, ${engineErrors} engine errors`,
    `Pod Security: ${psa.missed} missed, ${psa.falselyDenied} falsely denied, ${count(psa.verdicts)} verdicts`,
    `mutation score: ${percent(mutation.score)}, ${count(mutation.killed)} killed, ${mutation.survived} survived`,
    `sabotage: ${sabotage.caught} of ${sabotage.seeded} caught`,
    ...some(report.disagreements.map(({ question, between, how }) => `DISAGREES ${question} (${between}): ${how}`)),
    ...some(report.errors.map((error) => `ERROR ${error}`)),
    ...some(sabotage.missed.map((missed) => `UNNOTICED ${missed}`)),
    ...some(mutation.survivors.map((survivor) => `SURVIVED ${survivor}`)),
  ];
}

function some(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${more} more`] : [...lines];
}
