/** Judges manifests without a cluster: what `fleetwright policy check` prints. */
import { catalogue } from "./engine/catalogue";
import { joinAll } from "./engine/joins";
import { judgeOf, type Result, type Subject, type Verdict } from "./engine/judge";
import { type AnyObject, isComplete, matches } from "./engine/match";
import { dayOf } from "./exemption";
import { checkGraph } from "./graph/check";
import type { GraphRule } from "./graph/graph-rule";
import { graphRules as allGraphRules } from "./graph/graph-rules";
import type { ManifestPlace } from "./graph/set-object";
import { type PolicyParameters, type RuleSettings, settingsOn } from "./parameters";
import { refuses } from "./refusal";
import type { CheckResult, Variant } from "./result";
import type { Rule } from "./rule";

export interface CheckReport {
  readonly results: readonly CheckResult[];
  /** Number of results per verdict; `exempted` are those of `allow` that an exemption allows. */
  readonly summary: Readonly<Record<Verdict | "exempted", number>>;
  /** Objects of a kind and version that none of the rules about objects looks at: a version may be misspelt. */
  readonly unjudged: number;
}

export interface CheckOptions {
  /** Of an environment; without one every rule has its level of production and no parameters. */
  readonly environment?: PolicyParameters;
  /** By rule id: used in place of the environment's. */
  readonly parameters: Readonly<Record<string, RuleSettings["parameters"]>>;
  /** Exemptions that have ended by now exempt nothing. @default the machine's clock */
  readonly now?: Date;
  /** Those that judge objects. @default every rule */
  readonly rules?: readonly Rule[];
  /** Those that judge the objects as a set. @default every rule where the objects are all that there are and `rules` are not chosen, else none */
  readonly graphRules?: readonly GraphRule[];
  /** Where each object stands. @default nobody knows, and they are applied in the order of what they need */
  readonly places?: readonly ManifestPlace[];
  /** Whether the objects are all that a cluster gets, so that what a rule misses among them is nowhere. @default false: it may be elsewhere */
  readonly isWhole?: boolean;
  /** Whether others make objects in the cluster as well: what a set misses may be theirs. @default false */
  readonly hasOthers?: boolean;
}

export function check(objects: readonly AnyObject[], options: CheckOptions): CheckReport {
  const { isWhole = false, rules = catalogue().rules } = options;
  const variants = rules.map((rule) => ({ rule, variants: judgingVariants(rule, options) }));
  let unjudged = 0;
  const ofObjects = joined(objects).flatMap((subject) => {
    const { object } = subject;
    const verdictOf = judgeOf(subject);
    const looking = variants.filter(
      ({ rule }) => matches(rule, object.apiVersion, object.kind) && isComplete(rule, object),
    );
    if (!rules.some((rule) => matches(rule, object.apiVersion, object.kind))) unjudged += 1;
    return looking.flatMap(({ rule, variants: of }) =>
      of.flatMap(({ cluster, settings, undetermined }) =>
        verdictOf(rule, settings)
          .map((result) => (rule.joins && !isWhole ? leftOpen(result) : result))
          .map((result) => ({
            ...result,
            refuses: options.environment
              ? refuses(result, rule, settings, { undetermined })
              : result.verdict === "deny" && result.level === "deny",
            ...(cluster === undefined ? {} : { cluster }),
          })),
      ),
    );
  });
  const ofSets = checkGraph(objects, {
    rules: options.graphRules ?? (options.rules || !isWhole ? [] : allGraphRules()),
    ...(options.places ? { places: options.places } : {}),
    isWhole: isWhole && options.hasOthers !== true,
    variantsOf: (rule) => judgingVariants(rule, options),
    hasEnvironment: options.environment !== undefined,
  });
  const results = [...ofObjects, ...ofSets];
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const exempted = results.filter(({ exemption }) => exemption !== undefined).length;
  return {
    results,
    summary: { deny: count("deny"), allow: count("allow"), undetermined: count("undetermined"), exempted },
    unjudged,
  };
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
const judgingVariants = (rule: Pick<Rule, "id" | "levels">, options: CheckOptions) =>
  variantsOf(rule, options).filter(({ settings }) => settings?.level !== "off");

function variantsOf(
  rule: Pick<Rule, "id" | "levels">,
  { environment, now = new Date(), parameters }: CheckOptions,
): Variant[] {
  const given = parameters[rule.id];
  if (!environment) return [{ settings: { level: rule.levels.prod, parameters: given ?? {} } }];
  const variants = Object.entries(environment.clusters).map(([cluster, { rules, undetermined }]) => {
    const said = rules[rule.id];
    const settings = said && settingsOn(said, dayOf(now));
    return {
      cluster,
      variant: { settings: settings && given ? withParameters(settings, given) : settings, undetermined },
    };
  });
  const [first, ...others] = variants;
  const isSame = others.every(({ variant }) => JSON.stringify(variant) === JSON.stringify(first?.variant));
  return isSame && first ? [first.variant] : variants.map(({ cluster, variant }) => ({ ...variant, cluster }));
}

/** Given parameters take the place of the environment's, whose exemptions stay. */
function withParameters(settings: RuleSettings, given: RuleSettings["parameters"]): RuleSettings {
  const { exemptions } = settings.parameters;
  return { ...settings, parameters: { ...(exemptions ? { exemptions } : {}), ...given } };
}
