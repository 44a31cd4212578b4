/** What came of it: every question with the answers of its lanes, and everything that does not agree. */
import { type Answer, difference } from "./answer";
import type { Lane, LaneName } from "./lane";
import type { Form, Question } from "./question";

/** A question, and who answered what. */
export interface Answered {
  readonly question: Question;
  readonly answers: ReadonlyMap<LaneName, Answer>;
  /** By lane: why it could not be asked. */
  readonly excluded: ReadonlyMap<LaneName, string>;
}

/** Two things that should be alike and are not. */
export interface Disagreement {
  readonly question: string;
  readonly form: Form;
  /** Between whom: `preview, witness`, or a relation: `workload like its pod, audit`. */
  readonly between: string;
  readonly how: string;
}

/** How many comparisons there were, and those that failed. */
export interface Comparison {
  readonly made: number;
  readonly disagreements: readonly Disagreement[];
}

/** Asks each lane everything that it can be asked. */
export async function askAll(
  lanes: readonly Lane[],
  questions: readonly Question[],
  asked: <T>(lane: Lane, count: number, work: () => Promise<T>) => Promise<T> = (_lane, _count, work) => work(),
): Promise<Answered[]> {
  const answered = questions.map((question) => ({
    question,
    answers: new Map<LaneName, Answer>(),
    excluded: new Map<LaneName, string>(),
  }));
  for (const lane of lanes) {
    const askable = answered.filter((one) => {
      const reason = lane.excluded(one.question);
      if (reason !== undefined) one.excluded.set(lane.name, reason);
      return reason === undefined;
    });
    const answers = await asked(lane, askable.length, () => lane.ask(askable.map(({ question }) => question)));
    askable.forEach(({ answers: own }, index) => {
      const answer = answers[index];
      if (answer) own.set(lane.name, answer);
    });
  }
  return answered;
}

/** Whether all lanes say the same of each question: one comparison per pair of lanes, for some lanes say more than others. */
export function compareLanes(answered: readonly Answered[]): Comparison {
  return combined(
    answered.map(({ question, answers }) => {
      const all = [...answers];
      const pairs = all.flatMap(([name, answer], index) =>
        all.slice(index + 1).map(([lane, other]) => ({ between: `${name}, ${lane}`, how: difference(answer, other) })),
      );
      const { id, form } = question;
      return {
        made: pairs.length,
        disagreements: pairs.flatMap(({ between, how }) =>
          how === undefined ? [] : [{ question: id, form, between, how }],
        ),
      };
    }),
  );
}

export function combined(parts: readonly Comparison[]): Comparison {
  return {
    made: parts.reduce((sum, { made }) => sum + made, 0),
    disagreements: parts.flatMap(({ disagreements }) => disagreements),
  };
}

/** Answers that are errors, as `question, lane: error`. */
export function errorsIn(answered: readonly Answered[]): string[] {
  return answered.flatMap(({ question, answers }) =>
    [...answers]
      .filter(([, { verdict }]) => verdict === "error")
      .map(([lane, { error }]) => `${question.id}, ${lane}: ${error}`),
  );
}
