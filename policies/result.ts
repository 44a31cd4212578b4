/** A result of a check, and what decides what it means. */
import type { Result } from "./engine/judge";
import type { ClusterRules, RuleSettings } from "./parameters";

/** A result, what it means, and the cluster that it holds for when the environment's clusters differ in the rule's settings. */
export interface CheckResult extends Result {
  /** Whether it refuses, as {@link refuses} says; without an environment only denials do. */
  readonly refuses: boolean;
  readonly cluster?: string;
}

/** Settings of one rule, and the cluster where they hold; no cluster: everywhere. */
export interface Variant {
  readonly cluster?: string;
  readonly settings: RuleSettings | undefined;
  readonly undetermined?: ClusterRules["undetermined"];
}
