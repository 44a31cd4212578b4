/**
 * An SLO as the judge of a canary: the canary's own share of bad events, and the most that it may be.
 *
 * - above it: somebody would be called, so the rollout is taken back;
 * - at or below it: the rollout goes on;
 * - no answer, because the canary got no traffic: neither. A canary that nobody called has shown nothing.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
 */
import { pagedShare } from "./burn-rates";
import { errorRatio } from "./indicator";
import type { Slo } from "./objective";

/** What an AnalysisTemplate asks of Prometheus. */
export interface CanaryAnalysis {
  /** Name of the template, a DNS label. */
  readonly name: string;
  /** PromQL: a share, 0–1, one series; none without events. `{{args.canary-hash}}` stands for the hash in the names of the canary's pods. */
  readonly query: string;
  /** The most that the query may answer, 0–1. */
  readonly threshold: number;
}

/** Name of the template of an SLO. */
export const canaryAnalysisName = (slo: string): string => `slo-${slo}`;

/**
 * Pods are told apart by the label `pod`, which Prometheus gives to all that it scrapes. A `raw` indicator cannot be
 * narrowed: then the whole service is judged.
 */
export function canaryAnalysis({ name, objective, sli }: Pick<Slo, "name" | "objective" | "sli">): CanaryAnalysis {
  return {
    name: canaryAnalysisName(name),
    query: errorRatio(sli, "2m", ".+-{{args.canary-hash}}-.+"),
    threshold: pagedShare(objective),
  };
}
