/** What is said of exemptions as a whole: how many hold, which have ended or soon will, which exempt nothing. */
import { type Exemption, exemptedObject, isInForce } from "./exemption";
import type { PolicyParameters } from "./parameters";

/** Who answers for the exemptions that come with Fleetwright. */
export const PLATFORM_OWNER = "fleetwright";

/** Days before its end from which on an exemption is spoken of: a team's usual sprint. */
export const ENDING_DAYS = 14;

/** An exemption, and the rule that it is of. */
export interface RuleExemption {
  /** `IM-03`. */
  readonly id: string;
  readonly exemption: Exemption;
}

/** Exemptions by where they are in their time. */
export interface Standing {
  /** Those that hold, the ending ones among them. */
  readonly inForce: readonly RuleExemption[];
  readonly ended: readonly RuleExemption[];
  /** Those that end within {@link ENDING_DAYS}. */
  readonly ending: readonly RuleExemption[];
}

/** What makes an exemption the same one on several clusters. */
export const exemptionKey = ({ exemption, id }: RuleExemption): string => JSON.stringify([id, exemption]);

/**
 * Each exemption once, however many clusters have it. Those of rules that are off are left out.
 *
 * @param identifiers the clusters that are asked about. @default all
 */
export function ruleExemptions(
  { clusters }: PolicyParameters,
  identifiers: readonly string[] = Object.keys(clusters),
): RuleExemption[] {
  const all = identifiers.flatMap((identifier) =>
    Object.entries(clusters[identifier]?.rules ?? {}).flatMap(([id, { level, parameters }]) =>
      level === "off" ? [] : (parameters.exemptions ?? []).map((exemption): RuleExemption => ({ id, exemption })),
    ),
  );
  return [...new Map(all.map((one) => [exemptionKey(one), one])).values()];
}

/** @param day UTC: `2026-11-22` */
export function standing(exemptions: readonly RuleExemption[], day: string): Standing {
  const inForce = exemptions.filter(({ exemption }) => isInForce(exemption, day));
  return {
    inForce,
    ended: exemptions.filter((one) => !inForce.includes(one)),
    ending: inForce.filter(({ exemption }) => daysUntil(exemption, day) < ENDING_DAYS),
  };
}

/** Which rule, which object, whose, since when, and the way out. */
export function endedSentence({ exemption, id }: RuleExemption): string {
  const { expires, owner } = exemption;
  const way =
    owner === PLATFORM_OWNER
      ? "it comes with Fleetwright: install a newer version"
      : "have the object keep the rule and take the entry out of exemptions.yaml, or agree there on a later day";
  return `${id}: the exemption of ${exemptedObject(exemption)} ended on ${expires}, owner ${owner}: ${way}`;
}

export function endingSentence({ exemption, id }: RuleExemption, day: string): string {
  const { expires, owner } = exemption;
  const days = daysUntil(exemption, day);
  const when = days === 0 ? "today" : `in ${days} ${days === 1 ? "day" : "days"}`;
  const then = "from the next day on it is a fault, and exempts nothing";
  return `${id}: the exemption of ${exemptedObject(exemption)} ends ${when}, on ${expires}, owner ${owner}: ${then}`;
}

/** @param whole what was looked through, such as `this stack` */
export function unusedSentence({ exemption, id }: RuleExemption, whole: string): string {
  const { owner } = exemption;
  const way = "take it out of exemptions.yaml, unless what it exempts is deployed by others";
  return `${id}: the exemption of ${exemptedObject(exemption)} exempts nothing in ${whole}, owner ${owner}: ${way}`;
}

/** `exemptions: 3 in force (PS-01 2, RB-01 1), 12 violations exempted; 1 exempts nothing; 1 ends within 14 days`. */
export function exemptionsLine({ ending, inForce }: Standing, exempted: number, unused: number): string {
  const ids = [...new Set(inForce.map(({ id }) => id))].sort();
  const counts = ids.map((id) => `${id} ${inForce.filter((one) => one.id === id).length}`);
  const violations = `${exempted} ${exempted === 1 ? "violation" : "violations"} exempted`;
  const parts = [
    `exemptions: ${inForce.length} in force (${counts.join(", ")}), ${violations}`,
    ...(unused > 0 ? [`${unused} ${unused === 1 ? "exempts" : "exempt"} nothing`] : []),
    ...(ending.length > 0
      ? [`${ending.length} ${ending.length === 1 ? "ends" : "end"} within ${ENDING_DAYS} days`]
      : []),
  ];
  return parts.join("; ");
}

const DAY_MILLISECONDS = 86_400_000;

const daysUntil = ({ expires }: Exemption, day: string) => (Date.parse(expires) - Date.parse(day)) / DAY_MILLISECONDS;
