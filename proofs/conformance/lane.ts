/** One of the ways on which an object meets a rule. */
import type { Answer } from "./answer";
import type { Question } from "./question";

export type LaneName = "preview" | "admission" | "webhook" | "audit" | "witness";

export interface Lane {
  readonly name: LaneName;
  /** What asks: `the policy pack over its analyzer protocol`. */
  readonly program: string;
  /** Why the lane cannot be asked, as a phrase; undefined where it can. */
  excluded(question: Question): string | undefined;
  /**
   * Answers in the order of the questions, none of which is excluded. Never throws for one that cannot be judged: that is
   * an answer, too.
   */
  ask(questions: readonly Question[]): Promise<Answer[]>;
  /** Ends what the lane started. */
  stop(): Promise<void>;
}

const UNKNOWN = "no API server ever sees an unknown value";
const SECRET = "no API server knows what a program calls secret";

/** Why a question is not one for objects that are whole: the same in all lanes but the preview's. */
export function onlyForPreviews({ unknown, secret }: Question): string | undefined {
  return unknown.length > 0 ? UNKNOWN : secret.length > 0 ? SECRET : undefined;
}

/** Why a rule has no constraint, by design: see decisions.md, "What Gatekeeper itself stands on". */
export function withoutConstraint({ setting: { rule } }: Question): string | undefined {
  return rule.points.includes("admission") ? undefined : "the rule judges in previews only, by design";
}
