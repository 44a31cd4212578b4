/** Judges manifests without a cluster: what `fleetwright policy check` prints. */
import { catalogue } from "./engine/catalogue";
import { joinAll } from "./engine/joins";
import { judge, type Result, type Subject, type Verdict } from "./engine/judge";
import type { AnyObject } from "./engine/match";
import type { PolicyParameters, RuleSettings } from "./parameters";
import type { Rule } from "./rule";

/** A result, and the cluster that it holds for when the environment's clusters differ in the rule's settings. */
export type CheckResult = Result & { readonly cluster?: string };

export interface CheckReport {
  readonly results: readonly CheckResult[];
  /** Number of results per verdict. */
  readonly summary: Readonly<Record<Verdict, number>>;
}

/** Settings of one rule, and the cluster where they hold; no cluster: everywhere. */
interface Variant {
  readonly cluster?: string;
  readonly settings: RuleSettings | undefined;
}

export interface CheckOptions {
  /** Of an environment; without one every rule has its level of production and no parameters. */
  readonly environment?: PolicyParameters;
  /** By rule id: used in place of the environment's. */
  readonly parameters: Readonly<Record<string, RuleSettings["parameters"]>>;
  /** Whether the objects are all that a cluster gets, so that what a rule misses among them is nowhere. @default false: it may be elsewhere */
  readonly isWhole?: boolean;
}

export function check(objects: readonly AnyObject[], options: CheckOptions): CheckReport {
  const variants = catalogue().rules.map((rule) => ({ rule, variants: judgingVariants(rule, options) }));
  const results = joined(objects).flatMap((subject) =>
    variants.flatMap(({ rule, variants: of }) =>
      of.flatMap(({ cluster, settings }) => {
        const isOpen = rule.joins !== undefined && !options.isWhole;
        const found = judge(subject, () => settings, [rule]).map((result) => (isOpen ? leftOpen(result) : result));
        return cluster === undefined ? found : found.map((result) => ({ ...result, cluster }));
      }),
    ),
  );
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  return { results, summary: { deny: count("deny"), allow: count("allow"), undetermined: count("undetermined") } };
}

/** The objects in their order, each with what rules see beside it. */
function joined(objects: readonly AnyObject[]): Subject[] {
  const resources = objects.map((object, index) => ({ object, id: String(index), scope: "", dependencies: {} }));
  const complete = new Map(joinAll(resources).map(({ id, subject }) => [id, subject]));
  return resources.map(({ id, object }) => complete.get(id) ?? { object });
}

/** What is missing among some of a cluster's objects may be among the others. */
function leftOpen(result: Result): Result {
  if (result.verdict !== "deny") return result;
  return {
    ...result,
    verdict: "undetermined",
    message: `${result.message}; it may be among objects that were not given`,
  };
}

/** A rule that is off says nothing. */
const judgingVariants = (rule: Rule, options: CheckOptions) =>
  variantsOf(rule, options).filter(({ settings }) => settings?.level !== "off");

function variantsOf(rule: Rule, { environment, parameters }: CheckOptions): Variant[] {
  const given = parameters[rule.id];
  if (!environment) return [{ settings: { level: rule.levels.prod, parameters: given ?? {} } }];
  const variants = Object.entries(environment.clusters).map(([cluster, { rules }]): Variant => {
    const settings = rules[rule.id];
    return { cluster, settings: settings && given ? { ...settings, parameters: given } : settings };
  });
  const isSame = new Set(variants.map(({ settings }) => JSON.stringify(settings))).size <= 1;
  return isSame && variants[0] ? [{ settings: variants[0].settings }] : variants;
}
