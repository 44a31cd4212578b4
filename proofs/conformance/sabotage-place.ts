/** Where a divergence would show: the questions whose answers depend on what is to be spoilt. */
import { matches } from "../../policies/engine/match";
import type { RuleSettings } from "../../policies/parameters";
import type { Rule } from "../../policies/rule";
import type { Chance } from "./chance";

import type { Question, Setting } from "./question";
import type { Ground } from "./sabotage";
import type { Trial } from "./trial";

/** Whether Gatekeeper has the rule. */
export const isGated = (rule: Rule) => rule.points.includes("admission");

/** Trials of one question each, whole and authored. */
export function plainTrials({ trials }: Ground): Trial[] {
  return trials.filter(({ questions: [question, ...others] }) => {
    return others.length === 0 && question?.form === "authored" && question.unknown.length === 0;
  });
}

/** Those of some rules. */
export function trialsOfRules(ground: Ground, rules: readonly Rule[]): Trial[] {
  const ids = rules.map(({ id }) => id);
  return plainTrials(ground).filter(({ questions }) => questions.every(({ setting }) => ids.includes(setting.rule.id)));
}

/** A denied question of a rule that Gatekeeper has, and its trial. */
export async function denied(
  ground: Ground,
  chance: Chance,
): Promise<{ trial: Trial; question: Question } | undefined> {
  const trial = chance.one(plainTrials(ground));
  const [question] = trial.questions;
  if (!question || !isGated(question.setting.rule)) return undefined;
  if (!matches(question.setting.rule, question.object.apiVersion, question.object.kind)) return undefined;
  const [answer] = await ground.witness.ask([question]);
  return answer?.verdict === "deny" ? { trial, question } : undefined;
}

/** A setting with other parameters by which some question comes to another verdict, and the trials of the setting. */
export async function reparametrized(
  ground: Ground,
  chance: Chance,
  change: (parameters: RuleSettings["parameters"]) => RuleSettings["parameters"],
): Promise<{ setting: Setting; parameters: RuleSettings["parameters"]; trials: Trial[] } | undefined> {
  const of = plainTrials(ground).filter(({ questions: [question] }) => question?.setting.rule.parameters);
  const setting = chance.one(of).questions[0]?.setting;
  if (!setting || !isGated(setting.rule)) return undefined;
  const trials = of.filter(({ questions: [question] }) => question?.setting === setting);
  const parameters = change(setting.parameters);
  const questions = trials.flatMap((trial) => trial.questions);
  const [before, after] = await Promise.all([
    ground.witness.ask(questions),
    ground.witness.ask(questions.map((question) => ({ ...question, setting: { ...setting, parameters } }))),
  ]);
  const differs = before.some(({ verdict }, index) => verdict !== after[index]?.verdict);
  return differs ? { setting, parameters, trials } : undefined;
}

/** Parameters with one thing changed: a text is another one, a number larger, an entry of a list or map gone. */
export function changedSomewhere(parameters: unknown, chance: Chance): unknown {
  if (typeof parameters === "string") return `${parameters}-other`;
  if (typeof parameters === "number") return parameters * 10;
  if (typeof parameters === "boolean") return !parameters;
  if (Array.isArray(parameters)) return parameters.length === 0 ? ["other"] : parameters.slice(1);
  const entries = Object.entries(parameters ?? {});
  if (entries.length === 0) return { other: "other" };
  const [key, value] = chance.one(entries);
  return { ...(parameters as object), [key]: changedSomewhere(value, chance) };
}
