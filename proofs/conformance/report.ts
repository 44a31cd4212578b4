/** What the proof found, as one document. */
import { type Answered, type Comparison, type Disagreement, errorsIn } from "./comparison";
import type { LaneName } from "./lane";
import type { MutationReport } from "./mutation-report";
import type { Form } from "./question";
import type { SabotageReport } from "./sabotage";
import { FALSELY_DENIED, MISSED } from "./trial";

/** Verdicts that a lane could not be asked for, and why. */
export interface Excluded {
  readonly lane: LaneName;
  readonly reason: string;
  readonly verdicts: number;
}

/** Answers of one lane to one form. */
export interface FormCount {
  readonly form: Form;
  readonly lane: LaneName;
  readonly verdicts: number;
  readonly denied: number;
  readonly undetermined: number;
}

export interface ConformanceReport {
  /** Cases of the rules that were asked about. */
  readonly cases: number;
  /** Answers: questions × lanes. */
  readonly verdicts: number;
  /** Share of comparisons that agree, 0–1; 1 only where every one does. */
  readonly agreement: number;
  readonly engineErrors: number;
  /** Verdicts on upstream's fixtures of Pod Security, in every lane and kind, that are not upstream's. */
  readonly psa: {
    readonly missed: number;
    readonly falselyDenied: number;
    /** Fixtures that were asked about; 0 where upstream's module could not be had. */
    readonly fixtures: number;
    readonly verdicts: number;
  };
  /** Share of mutants that the cases notice, 0–1, of those that are no equivalents. */
  readonly mutationScore: number;
  readonly sabotage: SabotageReport;
  readonly seed: number;
  /** Answers that a run without a sample would have. */
  readonly possibleVerdicts: number;
  /** Comparisons between lanes, with what cases expect, and between forms. */
  readonly comparisons: number;
  readonly disagreements: readonly Disagreement[];
  readonly errors: readonly string[];
  readonly forms: readonly FormCount[];
  readonly excluded: readonly Excluded[];
  /** Answers of admission that hold for the object as the API server had filled it: compared by verdict with the rest. */
  readonly filled: number;
  readonly mutation: MutationReport;
  /** sha256 of what the rules were compiled from, in hex. */
  readonly rules: string;
}

export interface Parts {
  readonly answered: readonly Answered[];
  readonly comparison: Comparison;
  readonly mutation: MutationReport;
  readonly sabotage: SabotageReport;
  readonly seed: number;
  readonly possibleVerdicts: number;
  readonly rules: string;
}

export function reportOf(parts: Parts): ConformanceReport {
  const { answered, comparison, mutation, sabotage, seed, possibleVerdicts, rules } = parts;
  const { made, disagreements } = comparison;
  const errors = errorsIn(answered);
  const fixtures = answered.filter(({ question }) => question.form === "fixture");
  const wrong = (how: string) => disagreements.filter((one) => one.form === "fixture" && one.how === how).length;
  return {
    cases: new Set(answered.filter(({ question }) => question.form !== "fixture").map(originOf)).size,
    verdicts: verdictsIn(answered),
    agreement: made === 0 ? 0 : (made - disagreements.length) / made,
    engineErrors: errors.length,
    psa: {
      missed: wrong(MISSED),
      falselyDenied: wrong(FALSELY_DENIED),
      fixtures: new Set(fixtures.map(originOf)).size,
      verdicts: verdictsIn(fixtures),
    },
    mutationScore: mutation.score,
    sabotage,
    seed,
    possibleVerdicts,
    comparisons: made,
    disagreements,
    errors,
    forms: formsOf(answered),
    excluded: excludedOf(answered),
    filled: answered.filter(({ answers }) => answers.get("admission")?.isOfFilled).length,
    mutation,
    rules,
  };
}

const originOf = ({ question }: Answered) => question.origin;

const verdictsIn = (answered: readonly Answered[]) => answered.reduce((sum, { answers }) => sum + answers.size, 0);

function formsOf(answered: readonly Answered[]): FormCount[] {
  const all = answered.flatMap(({ question: { form }, answers }) =>
    [...answers].map(([lane, { verdict }]) => ({ form, lane, verdict })),
  );
  const keys = [...new Set(all.map(({ form, lane }) => `${form} ${lane}`))];
  return keys.map((key) => {
    const own = all.filter(({ form, lane }) => `${form} ${lane}` === key);
    const count = (wanted: string) => own.filter(({ verdict }) => verdict === wanted).length;
    const [form, lane] = key.split(" ") as [Form, LaneName];
    return { form, lane, verdicts: own.length, denied: count("deny"), undetermined: count("undetermined") };
  });
}

function excludedOf(answered: readonly Answered[]): Excluded[] {
  const counts = new Map<string, number>();
  for (const { excluded } of answered) {
    for (const [lane, reason] of excluded) {
      const key = JSON.stringify([lane, reason]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts].map(([key, verdicts]) => {
    const [lane, reason] = JSON.parse(key) as [LaneName, string];
    return { lane, reason, verdicts };
  });
}
