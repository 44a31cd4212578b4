/** What must hold between answers to different questions, and between an answer and what a case expects. */
import { type Answer, departure } from "./answer";
import type { Answered, Comparison, Disagreement } from "./comparison";
import type { LaneName } from "./lane";

/** An answered question, and the verdict that it must have come to in every lane. */
export interface Expected {
  readonly answered: Answered;
  readonly verdict: "allow" | "deny" | "undetermined";
  readonly paths: readonly string[];
}

/** Every lane comes to the verdict, on exactly these paths. */
export function asExpected(relation: string, all: readonly Expected[]): Comparison {
  const parts = all.flatMap(({ answered: { question, answers }, verdict, paths }) =>
    [...answers].map(([lane, answer]) => {
      const how = departure(answer, { verdict, paths });
      return how === undefined
        ? []
        : [{ question: question.id, form: question.form, between: `${relation}, ${lane}`, how }];
    }),
  );
  return { made: parts.length, disagreements: parts.flat() };
}

/** An object with unknown leaves as the preview judged it, and what it may turn out to be as all lanes did. */
export interface Sampled {
  readonly open: Answered;
  readonly completions: readonly Answered[];
}

/** A certain verdict of the preview on what it does not know whole is the verdict on each completion. */
export function holdsForCompletions(all: readonly Sampled[]): Comparison {
  const parts = all.flatMap(({ open, completions }) => {
    const promised = open.answers.get("preview");
    if (!promised || promised.verdict === "undetermined") return [];
    return completions.flatMap(({ question, answers }) =>
      ofGates(answers).map(([lane, answer]): Disagreement[] =>
        answer.verdict === promised.verdict
          ? []
          : [
              {
                question: question.id,
                form: question.form,
                between: `certain although unknown, ${lane}`,
                how: `${promised.verdict} in the preview, ${answer.error ?? answer.verdict} once known`,
              },
            ],
      ),
    );
  });
  return { made: parts.length, disagreements: parts.flat() };
}

/** The gate that judges what became known, and the witness where a rule has no gate. */
const ofGates = (answers: ReadonlyMap<LaneName, Answer>) => [...answers].filter(([lane]) => lane !== "preview");

/** A text this short is found in any sentence, so that its absence shows nothing. */
const SHORTEST_SECRET = 6;

/** What is secret is repeated nowhere behind the path. That it changes neither verdict nor paths, {@link asExpected} holds. */
export function keepsSecrets({ question, answers }: Answered, texts: readonly string[]): Comparison {
  const said = [...answers].flatMap(([lane, { messages }]) =>
    messages.map((text) => ({ lane, words: text.slice(text.indexOf(" ")) })),
  );
  const told = said.filter(({ words }) => texts.some((text) => text.length >= SHORTEST_SECRET && words.includes(text)));
  return {
    made: answers.size,
    disagreements: told.map(({ lane }) => ({
      question: question.id,
      form: question.form,
      between: `secrets kept, ${lane}`,
      how: "the message repeats a secret",
    })),
  };
}
