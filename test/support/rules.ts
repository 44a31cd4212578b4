/** What an environment says of rules, for tests that are about some of them. */
import { catalogue } from "../../policies/engine/catalogue";
import { graphRules } from "../../policies/graph/graph-rules";
import type { RuleSettings } from "../../policies/parameters";

/** Every rule but some is off. */
export function offBut(...ids: readonly string[]): Record<string, RuleSettings> {
  const others = [...catalogue().rules, ...graphRules()].filter(({ id }) => !ids.includes(id));
  return Object.fromEntries(others.map(({ id }) => [id, { level: "off", parameters: {} }]));
}

/** The same as `policy.levels` of an environment. */
export const levelsOffBut = (...ids: readonly string[]) =>
  Object.fromEntries(Object.entries(offBut(...ids)).map(([id, { level }]) => [id, level]));
