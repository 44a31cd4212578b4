/**
 * The verdict of a rule on an object: deny, allow, or undetermined where values are missing that would decide.
 */
import type { Exemption } from "../exemption";
import { type Level, type RuleSettings, settingsIn } from "../parameters";
import type { Rule } from "../rule";
import { catalogue, type Review, type Violation } from "./catalogue";
import { completions, leastFaults, MOST_UNKNOWN } from "./completions";
import { type AnyObject, isComplete, matches, nameOf, type ResourceName } from "./match";
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
  /** Field path of what is wrong, open or exempt; else `""` on allow. */
  readonly path: string;
  /** Why, as a sentence; `""` on allow of what breaks no rule. */
  readonly message: string;
  /** On allow: what is said would be denied, were it not for this. */
  readonly exemption?: Exemption;
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

/**
 * Judges an object by every rule that looks at its kind. Lists are expanded by the caller. A rule that must see other
 * resources beside it says nothing of one that comes without: `joins.ts` puts them together.
 */
export function judge(subject: Subject, settingsOf: SettingsOf, rules = catalogue().rules): Result[] {
  const verdictOf = judgeOf(subject);
  const { apiVersion, kind } = subject.object;
  return rules
    .filter((rule) => matches(rule, apiVersion, kind) && isComplete(rule, subject.object))
    .flatMap((rule) => verdictOf(rule, settingsOf(rule)));
}

/** What a rule that looks at the object's kind says of it. The object is read once, however many are asked. */
export function judgeOf(given: Subject): (rule: Rule, settings: RuleSettings | undefined) => Result[] {
  // whoever found them: which of them is named does not depend on the order in which fields were written or sent
  const subject = { ...given, unknown: [...(given.unknown ?? [])].sort(byPlace) };
  const resource = nameOf(subject.object);
  const review = catalogue().review(subject.object);
  const namespace = knownNamespace(subject);
  return (rule, settings) => {
    const level = settings?.level ?? rule.levels.prod;
    const own = settings && namespace !== undefined ? settingsIn(settings, namespace) : settings;
    return judgeByRule(rule, subject, review, own).map(
      ({ verdict, ...finding }): Result => ({ id: rule.id, rule: rule.name, verdict, level, resource, ...finding }),
    );
  };
}

/** `""` for objects of the cluster; undefined where it is not known yet, or no text. */
function knownNamespace({ object, unknown = [] }: Subject): string | undefined {
  if (unknown.some(([first, second]) => first === "metadata" && (second === undefined || second === "namespace"))) {
    return undefined;
  }
  const said = valueAt(object, ["metadata", "namespace"]) ?? "";
  return typeof said === "string" ? said : undefined;
}

const byPlace = (a: Path, b: Path) => printPath(a).localeCompare(printPath(b), "en", { numeric: true });

type Finding = Pick<Result, "verdict" | "path" | "message" | "exemption">;

const ALLOW: Finding = { verdict: "allow", path: "", message: "" };

function judgeByRule(rule: Rule, subject: Subject, review: Review, settings: RuleSettings | undefined): Finding[] {
  if (!settings) return [undetermined("", `${rule.id} is not among the rules of this cluster: nothing is assumed`)];
  const missing = missingParameters(rule, settings.parameters);
  if (missing.length > 0) {
    const which = `${missing.length === 1 ? "parameter" : "parameters"} ${missing.join(", ")}`;
    return [undetermined("", `${rule.id} cannot be judged without its ${which}: nothing is assumed instead`)];
  }
  const { object, unknown = [], isPatch } = subject;
  const found =
    unknown.length === 0
      ? report(review.violations(rule, settings.parameters))
      : completed(rule, object, unknown, settings);
  const findings = isPatch ? found.map((finding) => onlyWhatIsSaid(finding, object)) : found;
  const exempt = exempted(rule, subject, review, settings);
  return exempt.length === 0 ? findings : [...exempt, ...findings.filter(({ verdict }) => verdict !== "allow")];
}

/** What would be denied without exemptions, whatever the unknown values turn out to be. */
function exempted(
  rule: Rule,
  { object, unknown = [] }: Subject,
  review: Review,
  { parameters }: RuleSettings,
): readonly Finding[] {
  if (!parameters.exemptions || unknown.length > MOST_UNKNOWN) return [];
  const reviews =
    unknown.length === 0
      ? [review]
      : completions(object, unknown, rule.unknown, parameters).map((one) => catalogue().review(one));
  const [first = [], ...others] = reviews.map((one) => one.exempted(rule, parameters));
  const always = first.filter(({ path }) => others.every((violations) => violations.some((one) => one.path === path)));
  return always.map((violation) => ({ verdict: "allow", ...violation }));
}

/** Names of required parameters that are not there. */
export function missingParameters(rule: Pick<Rule, "parameters">, parameters: RuleSettings["parameters"]): string[] {
  return (rule.parameters?.required ?? []).filter((name) => !(name in parameters));
}

const undetermined = (path: string, message: string): Finding => ({ verdict: "undetermined", path, message });

const open = (path: string, { points }: Rule) => {
  const when = points.includes("admission") ? "admission judges it" : "it is judged when it is known";
  return undetermined(path, `${path} is not known yet, and what it will be decides: ${when}`);
};

const report = (violations: readonly Violation[]): Finding[] =>
  violations.length === 0 ? [ALLOW] : violations.map((violation) => ({ verdict: "deny", ...violation }));

/** Certain only where every completion of the unknown values ends alike. */
function completed(rule: Rule, object: AnyObject, unknown: readonly Path[], settings: RuleSettings): Finding[] {
  if (unknown.length > MOST_UNKNOWN) return [open(printPath(unknown[0] ?? []), rule)];
  const tried = (paths: readonly Path[]) =>
    completions(object, paths, rule.unknown, settings.parameters).map((one) =>
      catalogue().violations(rule, one, settings.parameters),
    );
  const all = tried(unknown);
  const denies = all.filter((violations) => violations.length > 0);
  if (denies.length === 0) return [ALLOW];
  if (denies.length < all.length) {
    const changes = (path: Path) => new Set(tried([path]).map((violations) => violations.length)).size > 1;
    return [open(printPath(unknown.find(changes) ?? unknown[0] ?? []), rule)];
  }
  const faults = (one: unknown) => catalogue().violations(rule, one, settings.parameters).length;
  const maker = settings.parameters.exemptions && unknown.find((path) => tellsMaker(object, path));
  if (maker) return [open(printPath(maker), rule)];
  const isAllowed = unknown.length > 1 && leastFaults(object, unknown, rule.unknown, settings.parameters, faults) === 0;
  if (isAllowed) return [open(printPath(unknown[0] ?? []), rule)];
  // what holds in every completion is reported; where each denies for another reason, the first speaks for all
  const [first = [], ...others] = all;
  const always = first.filter(({ path }) => others.every((violations) => violations.some((one) => one.path === path)));
  return report(always.length > 0 ? always : first);
}

/** Labels that tell what made the ReplicaSet of a Pod. */
const HASHES = ["pod-template-hash", "rollouts-pod-template-hash"];

/** Whether a place decides which object made this one: what its maker is exempt of, it is exempt of. */
function tellsMaker({ kind }: AnyObject, [first, second, third]: Path): boolean {
  if (first !== "metadata") return false;
  if (second === undefined || second === "ownerReferences") return true;
  return kind === "Pod" && second === "labels" && (third === undefined || HASHES.includes(String(third)));
}

/** A patch is judged for what it says: where it says nothing, the object that it changes decides. */
function onlyWhatIsSaid(finding: Finding, object: AnyObject): Finding {
  const { verdict, path } = finding;
  if (verdict !== "deny" || valueAt(object, parsePath(path)) !== undefined) return finding;
  return undetermined(path, `${path} is not said by this patch, so the object it changes decides: admission judges it`);
}
