/** What every lane is asked: one object, by one rule as one environment may set it. */
import type { RuleCase } from "../../policies/cases";
import type { AnyObject } from "../../policies/engine/match";
import { type Path, parsePath } from "../../policies/engine/path";
import type { Level, RuleSettings } from "../../policies/parameters";
import type { Rule } from "../../policies/rule";
import type { Chance } from "./chance";

/** A rule with its parameters at a level: what one constraint holds, and one entry of the pack's configuration. */
export interface Setting {
  /** `im-03-4-warn`: the name of its constraint, and of its cluster in the pack's configuration. */
  readonly name: string;
  /** `im-03-4`: the rule with these parameters, at whatever level. */
  readonly set: string;
  readonly rule: Rule;
  readonly level: Exclude<Level, "off">;
  readonly parameters: RuleSettings["parameters"];
}

/** What was done to a case's object. */
export type Form =
  /** F0: as its author wrote it. */
  | "authored"
  /** F1: without nulls, and with the defaults and spellings of the API server where one was asked. */
  | "canonical"
  /** F2: with what the API server adds: status, managedFields, uid. */
  | "stored"
  /** F3: as the template of another kind of workload. */
  | "workload"
  /** F4: some leaves not known yet. */
  | "unknown"
  /** Some leaves are secrets. */
  | "secret"
  /** An object that an unknown one may turn out to be. */
  | "completion"
  /** An upstream fixture of Pod Security, and the same as a workload. */
  | "fixture";

export interface Question {
  /** Unique: `IM-03 prefixes: a name that only begins alike, authored`. */
  readonly id: string;
  /** The case that it comes from, or the fixture: `IM-03 prefixes: a name that only begins alike`. */
  readonly origin: string;
  readonly form: Form;
  readonly setting: Setting;
  readonly object: AnyObject;
  /** Places that are not known yet; absent in `object`. Only a preview sees such an object. */
  readonly unknown: readonly Path[];
  /** Places whose values are secret. Only a preview knows that they are. */
  readonly secret: readonly Path[];
}

/** A case of a rule, and the rule. */
export interface CaseOfRule {
  readonly rule: Rule;
  readonly one: RuleCase;
}

/** `IM-03 prefixes: a name that only begins alike`. */
export const nameOfCase = ({ rule, one }: CaseOfRule) => `${rule.id} ${one.file}: ${one.name}`;

/** Finds or makes the setting of a rule with parameters, so that questions that need the same share it. */
export class Settings {
  readonly #known = new Map<string, Setting>();
  readonly #sets = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(rule: Rule, parameters: RuleSettings["parameters"], level: Setting["level"]): Setting {
    const set = this.setOf(rule, JSON.stringify(parameters));
    const name = `${set}-${level}`;
    const setting = this.#known.get(name) ?? { name, set, rule, level, parameters: agreed(parameters) };
    this.#known.set(name, setting);
    return setting;
  }

  private setOf({ id }: Rule, parameters: string): string {
    const key = `${id} ${parameters}`;
    const number = (this.#counts.get(id) ?? 0) + 1;
    const set = this.#sets.get(key) ?? `${id.toLowerCase()}-${number}`;
    if (!this.#sets.has(key)) this.#counts.set(id, number);
    this.#sets.set(key, set);
    return set;
  }
}

/** Cases say what is exempt; a stack also has to say by whom, why and until when. */
function agreed({ exemptions, ...parameters }: RuleSettings["parameters"]): RuleSettings["parameters"] {
  return exemptions ? { ...parameters, exemptions: exemptions.map((one) => ({ ...AGREEMENT, ...one })) } : parameters;
}

const AGREEMENT = { owner: "conformance", reason: "a case says so", expires: "9999-12-31" };

/** F0: the case as it stands, at a level that chance decides. */
export function authored({ rule, one }: CaseOfRule, settings: Settings, chance: Chance): Question {
  const origin = nameOfCase({ rule, one });
  return {
    id: `${origin}, authored`,
    origin,
    form: "authored",
    setting: settings.of(rule, one.parameters, chance.one(["deny", "warn"] as const)),
    object: one.object,
    unknown: one.unknown.map(parsePath),
    secret: [],
  };
}
