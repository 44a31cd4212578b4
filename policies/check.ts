/** Judges manifests without a cluster: what `fleetwright policy check` prints. */
import { catalogue } from "./engine/catalogue";
import { judge, type Result, type Verdict } from "./engine/judge";
import type { AnyObject } from "./engine/match";
import { dayOf } from "./exemption";
import { type PolicyParameters, type RuleSettings, settingsOn } from "./parameters";
import type { Rule } from "./rule";

/** A result, and the cluster that it holds for when the environment's clusters differ in the rule's settings. */
export type CheckResult = Result & { readonly cluster?: string };

export interface CheckReport {
  readonly results: readonly CheckResult[];
  /** Number of results per verdict; `exempted` are those of `allow` that an exemption allows. */
  readonly summary: Readonly<Record<Verdict | "exempted", number>>;
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
  /** Exemptions that have ended by now exempt nothing. @default the machine's clock */
  readonly now?: Date;
}

export function check(objects: readonly AnyObject[], options: CheckOptions): CheckReport {
  const variants = catalogue().rules.map((rule) => ({ rule, variants: judgingVariants(rule, options) }));
  const results = objects.flatMap((object) =>
    variants.flatMap(({ rule, variants: of }) =>
      of.flatMap(({ cluster, settings }) => {
        const found = judge({ object }, () => settings, [rule]);
        return cluster === undefined ? found : found.map((result) => ({ ...result, cluster }));
      }),
    ),
  );
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const exempted = results.filter(({ exemption }) => exemption !== undefined).length;
  return {
    results,
    summary: { deny: count("deny"), allow: count("allow"), undetermined: count("undetermined"), exempted },
  };
}

/** A rule that is off says nothing. */
const judgingVariants = (rule: Rule, options: CheckOptions) =>
  variantsOf(rule, options).filter(({ settings }) => settings?.level !== "off");

function variantsOf(rule: Rule, { environment, now = new Date(), parameters }: CheckOptions): Variant[] {
  const given = parameters[rule.id];
  if (!environment) return [{ settings: { level: rule.levels.prod, parameters: given ?? {} } }];
  const variants = Object.entries(environment.clusters).map(([cluster, { rules }]): Variant => {
    const said = rules[rule.id];
    const settings = said && settingsOn(said, dayOf(now));
    if (!settings || !given) return { cluster, settings };
    const { exemptions } = settings.parameters;
    return { cluster, settings: { ...settings, parameters: { ...(exemptions ? { exemptions } : {}), ...given } } };
  });
  const isSame = new Set(variants.map(({ settings }) => JSON.stringify(settings))).size <= 1;
  return isSame && variants[0] ? [{ settings: variants[0].settings }] : variants;
}
