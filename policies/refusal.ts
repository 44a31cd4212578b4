/** Which verdicts refuse a change: the same at a preview and in `fleetwright policy check`. */
import { missingParameters, type Result } from "./engine/judge";
import type { ClusterRules, RuleSettings } from "./parameters";
import type { Rule } from "./rule";

/**
 * A denial by a rule of level `deny` refuses. What such a rule leaves open refuses where the environment says so, and
 * everywhere for want of parameters: those no admission would know either.
 *
 * @param settings what the object's cluster says of the rule
 */
export function refuses(
  { verdict, level }: Pick<Result, "verdict" | "level">,
  rule: Pick<Rule, "parameters">,
  settings: RuleSettings | undefined,
  { undetermined }: Pick<ClusterRules, "undetermined">,
): boolean {
  if (level !== "deny" || verdict === "allow") return false;
  if (verdict === "deny" || undetermined === "deny") return true;
  return settings === undefined || missingParameters(rule, settings.parameters).length > 0;
}
