/** Questions that are asked together, and what must come of them: the unit of a sample. */
import type { RuleCase } from "../../policies/cases";
import { valueAt } from "../../policies/engine/path";
import { Chance } from "./chance";
import { type Answered, type Comparison, combined, compareLanes, type Disagreement } from "./comparison";
import type { Lane } from "./lane";
import type { Fixture } from "./pod-security-fixture";
import { fixtureQuestions } from "./pod-security-fixture";
import { authored, type CaseOfRule, nameOfCase, type Question, Settings } from "./question";
import { asExpected, holdsForCompletions, keepsSecrets } from "./relation";
import { type StoredObject, storedForms } from "./stored-form";
import { keepingSecrets, poolOf, unknowing } from "./unknown-form";
import { workloadForms } from "./workload-form";

export interface Trial {
  readonly questions: readonly Question[];
  /** Given the questions with their answers, in their order. That lanes agree is looked at besides. */
  readonly check: (answered: readonly Answered[]) => Comparison;
}

/** What trials are made of. */
export interface Corpus {
  readonly cases: readonly CaseOfRule[];
  /** None where upstream's module cannot be had. */
  readonly fixtures: readonly Fixture[];
  readonly seed: number;
  /** What an API server makes of an object. @default no API server is at hand */
  readonly stored?: StoredObject;
}

/** A pod of a fixture that upstream fails and a lane let pass, or the reverse. */
export const MISSED = "missed";
export const FALSELY_DENIED = "falsely denied";

const pathsOf = ({ expect }: RuleCase) => (expect.verdict === "allow" ? [] : expect.paths);

/** Every trial of the corpus. */
export function trialsOf({ cases, fixtures, seed, stored }: Corpus): Trial[] {
  const settings = new Settings();
  const pools = new Map(
    [...new Set(cases.map(({ rule }) => rule))].map((rule) => [
      rule.id,
      poolOf(cases.filter((other) => other.rule === rule).map(({ one }) => one.object)),
    ]),
  );
  const ofCases = cases.flatMap((ofRule): Trial[] => {
    const chance = new Chance(`${seed} ${nameOfCase(ofRule)}`);
    const plain = authored(ofRule, settings, chance);
    const { verdict } = ofRule.one.expect;
    const paths = pathsOf(ofRule.one);
    const expecting = (question: Question): Trial => ({
      questions: [question],
      check: (all) =>
        asExpected(
          "as the case expects",
          all.map((answered) => ({ answered, verdict, paths })),
        ),
    });
    if (plain.unknown.length > 0) return [expecting(plain)];
    const open = unknowing(plain, pools.get(ofRule.rule.id) ?? new Map(), chance);
    const secret = keepingSecrets(plain, chance);
    return [
      expecting(plain),
      ...storedForms(plain, stored).map(expecting),
      // what is exempt is exempt by its kind and name
      ...("exemptions" in ofRule.one.parameters ? [] : workloadForms(plain, paths)).map(({ question, expected }) => ({
        questions: [question],
        check: (all: readonly Answered[]) =>
          asExpected("like its pod", expected ? all.map((answered) => ({ answered, ...expected })) : []),
      })),
      ...(open ? [{ questions: [open.question, ...open.completions], check: checkCompletions }] : []),
      ...(secret ? [withSecrets(expecting(secret))] : []),
    ];
  });
  return [...ofCases, ...fixtureTrials(fixtures, settings)];
}

function checkCompletions([open, ...completions]: readonly Answered[]): Comparison {
  return holdsForCompletions(open ? [{ open, completions }] : []);
}

function withSecrets({ questions, check }: Trial): Trial {
  return {
    questions,
    check: (all) =>
      combined([
        check(all),
        ...all.map((answered) => {
          const { object, secret } = answered.question;
          return keepsSecrets(
            answered,
            secret.map((path) => String(valueAt(object, path))),
          );
        }),
      ]),
  };
}

function fixtureTrials(fixtures: readonly Fixture[], settings: Settings): Trial[] {
  return fixtureQuestions(fixtures, settings).map(({ question, denies }) => ({
    questions: [question],
    check: ([answered]) => {
      const lanes = [...(answered?.answers ?? [])];
      const wrong = lanes.filter(([, { verdict }]) => verdict !== (denies ? "deny" : "allow"));
      return {
        made: lanes.length,
        disagreements: wrong.map(([lane]): Disagreement => {
          const how = denies ? MISSED : FALSELY_DENIED;
          return { question: question.id, form: question.form, between: `as upstream has it, ${lane}`, how };
        }),
      };
    },
  }));
}

/** How many verdicts the lanes come to in a trial. */
export function verdictsOf(trial: Trial, lanes: readonly Lane[]): number {
  return trial.questions.flatMap((question) => lanes.filter((lane) => lane.excluded(question) === undefined)).length;
}

/** Trials by chance until they make so many verdicts. */
export function sampled(trials: readonly Trial[], lanes: readonly Lane[], verdicts: number, seed: number): Trial[] {
  let left = verdicts;
  return new Chance(`${seed} sample`).shuffled(trials).filter((trial) => {
    if (left <= 0) return false;
    left -= verdictsOf(trial, lanes);
    return true;
  });
}

/** All that is to be looked at in the answers, in the order of the trials. */
export function checked(trials: readonly Trial[], answered: readonly Answered[]): Comparison {
  let at = 0;
  const relations = trials.map(({ questions, check }) => {
    const own = answered.slice(at, at + questions.length);
    at += questions.length;
    return check(own);
  });
  return combined([compareLanes(answered), ...relations]);
}
