/**
 * The verdict of a rule on an object: deny, allow, or undetermined where values are missing that would decide.
 */
import type { Level, RuleSettings } from "../parameters";
import type { Rule } from "../rule";
import { catalogue, type Violation } from "./catalogue";
import { completions, leastFaults, MOST_UNKNOWN } from "./completions";
import { type AnyObject, matches, nameOf, type ResourceName } from "./match";
import { type Path, parsePath, printPath, valueAt } from "./path";

export type Verdict = "deny" | "allow" | "undetermined";

/** One line of a report: one per violation, else one per rule and object. */
export interface Result {
  readonly id: string;
  /** The rule's name: `image-registry`. */
  readonly rule: string;
  /** Does not depend on the level. */
  readonly verdict: Verdict;
  readonly level: Level;
  readonly resource: ResourceName;
  /** Field path of what is wrong or open; `""` on allow. */
  readonly path: string;
  /** Why, as a sentence; `""` on allow. */
  readonly message: string;
}

/** An object to judge, and what is not known of it. */
export interface Subject {
  readonly object: AnyObject;
  /** Places whose values are not known yet; they are absent in `object`. */
  readonly unknown?: readonly Path[];
  /** The object only states changes to one that exists: what it leaves unsaid is not absent. */
  readonly isPatch?: boolean;
}

/** What the object's cluster says of a rule; undefined when nothing is said, which leaves the verdict open. */
export type SettingsOf = (rule: Rule) => RuleSettings | undefined;

/** Judges an object by every rule that looks at its kind. Lists are expanded by the caller. */
export function judge(subject: Subject, settingsOf: SettingsOf, rules = catalogue().rules): Result[] {
  const { apiVersion, kind } = subject.object;
  return rules
    .filter((rule) => matches(rule, apiVersion, kind))
    .flatMap((rule) => {
      const settings = settingsOf(rule);
      const level = settings?.level ?? rule.levels.prod;
      const resource = nameOf(subject.object);
      return judgeByRule(rule, subject, settings).map(
        ({ verdict, path, message }): Result => ({
          id: rule.id,
          rule: rule.name,
          verdict,
          level,
          resource,
          path,
          message,
        }),
      );
    });
}

type Finding = Pick<Result, "verdict" | "path" | "message">;

const ALLOW: Finding = { verdict: "allow", path: "", message: "" };

function judgeByRule(rule: Rule, subject: Subject, settings: RuleSettings | undefined): Finding[] {
  if (!settings) return [undetermined("", `${rule.id} is not among the rules of this cluster: nothing is assumed`)];
  const missing = missingParameters(rule, settings.parameters);
  if (missing.length > 0) {
    const which = `${missing.length === 1 ? "parameter" : "parameters"} ${missing.join(", ")}`;
    return [undetermined("", `${rule.id} cannot be judged without its ${which}: nothing is assumed instead`)];
  }
  const { object, unknown = [], isPatch } = subject;
  const findings =
    unknown.length === 0 ? report(violationsOf(rule, object, settings)) : completed(rule, object, unknown, settings);
  return isPatch ? findings.map((finding) => onlyWhatIsSaid(finding, object)) : findings;
}

/** Names of required parameters that are not there. */
export function missingParameters(rule: Rule, parameters: RuleSettings["parameters"]): string[] {
  return (rule.parameters?.required ?? []).filter((name) => !(name in parameters));
}

const violationsOf = (rule: Rule, object: unknown, { parameters }: RuleSettings) =>
  catalogue().violations(rule, object, parameters);

const undetermined = (path: string, message: string): Finding => ({ verdict: "undetermined", path, message });

const open = (path: string) =>
  undetermined(path, `${path} is not known yet, and what it will be decides: admission judges it`);

const report = (violations: readonly Violation[]): Finding[] =>
  violations.length === 0 ? [ALLOW] : violations.map((violation) => ({ verdict: "deny", ...violation }));

/** Certain only where every completion of the unknown values ends alike. */
function completed(rule: Rule, object: AnyObject, unknown: readonly Path[], settings: RuleSettings): Finding[] {
  if (unknown.length > MOST_UNKNOWN) return [open(printPath(unknown[0] ?? []))];
  const tried = (paths: readonly Path[]) =>
    completions(object, paths, rule.unknown, settings.parameters).map((one) => violationsOf(rule, one, settings));
  const all = tried(unknown);
  const denies = all.filter((violations) => violations.length > 0);
  if (denies.length === 0) return [ALLOW];
  if (denies.length < all.length) {
    const changes = (path: Path) => new Set(tried([path]).map((violations) => violations.length)).size > 1;
    return [open(printPath(unknown.find(changes) ?? unknown[0] ?? []))];
  }
  const faults = (one: unknown) => violationsOf(rule, one, settings).length;
  const isAllowed = unknown.length > 1 && leastFaults(object, unknown, rule.unknown, settings.parameters, faults) === 0;
  if (isAllowed) return [open(printPath(unknown[0] ?? []))];
  // what holds in every completion is reported; where each denies for another reason, the first speaks for all
  const [first = [], ...others] = all;
  const always = first.filter(({ path }) => others.every((violations) => violations.some((one) => one.path === path)));
  return report(always.length > 0 ? always : first);
}

/** A patch is judged for what it says: where it says nothing, the object that it changes decides. */
function onlyWhatIsSaid(finding: Finding, object: AnyObject): Finding {
  const { verdict, path } = finding;
  if (verdict !== "deny" || valueAt(object, parsePath(path)) !== undefined) return finding;
  return undetermined(path, `${path} is not said by this patch, so the object it changes decides: admission judges it`);
}
