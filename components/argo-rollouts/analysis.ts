/**
 * What a canary is judged by: a query of Prometheus and the most that it may answer, as a ClusterAnalysisTemplate that every
 * Rollout of the cluster may name.
 *
 * @see https://argo-rollouts.readthedocs.io/en/release-1.9/features/analysis/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels, requireDnsLabel } from "../labels";

/** Argument of every query: the hash of the canary's pods, as `{{args.canary-hash}}`. */
export const CANARY_HASH = "canary-hash";

/** One thing that a canary is judged by. */
export interface Analysis {
  /** DNS label: the template's name. */
  readonly name: string;
  /**
   * PromQL whose first answer is judged, such as a share of failed requests, 0–1. `{{args.canary-hash}}` stands for the
   * hash in the names of the canary's pods.
   */
  readonly query: string;
  /** The most that the query may answer. */
  readonly threshold: number;
  /** Seconds between two questions, 10–3600. @default 60, as often as most metrics are scraped twice */
  readonly intervalSeconds?: number;
  /** Questions in all, 1–100. @default 5 */
  readonly count?: number;
  /** Answers above the threshold that are borne, 0–100. @default 1: a single one may be chance */
  readonly failureLimit?: number;
}

/**
 * The template. An answer above the threshold fails, no answer is neither: a canary without traffic is not proved, so its
 * Rollout waits for a person.
 *
 * @param prometheusAddress `http://host:port` of the cluster's Prometheus
 * @throws Error naming the field, its value and the bound
 */
export function clusterAnalysisTemplate(analysis: Analysis, prometheusAddress: string): KubeObject {
  const { count = 5, failureLimit = 1, intervalSeconds = 60, name, query, threshold } = analysis;
  checkAnalysis(analysis);
  const answered = "len(result) > 0 && !isNaN(result[0])";
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ClusterAnalysisTemplate",
    metadata: { name, labels: objectLabels("argo-rollouts", "analysis") },
    spec: {
      args: [{ name: CANARY_HASH }],
      metrics: [
        {
          name,
          interval: `${intervalSeconds}s`,
          count,
          failureLimit,
          // Prometheus may be restarted meanwhile; upstream's own bound
          consecutiveErrorLimit: 4,
          successCondition: `${answered} && result[0] <= ${threshold}`,
          failureCondition: `${answered} && result[0] > ${threshold}`,
          provider: { prometheus: { address: prometheusAddress, query } },
        },
      ],
    },
  };
}

function checkAnalysis({ count, failureLimit, intervalSeconds, name, query, threshold }: Analysis): void {
  requireDnsLabel("argo-rollouts", "analyses.name", name);
  const whose = `argo-rollouts: analysis ${name}`;
  if (query.trim() === "") throw new Error(`${whose}: query is empty, must be PromQL`);
  if (!Number.isFinite(threshold)) throw new Error(`${whose}: threshold is ${threshold}, must be a number`);
  const between = (field: string, value: number | undefined, least: number, most: number) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`${whose}: ${field} is ${value}, must be a whole number of ${least}–${most}`);
  };
  between("intervalSeconds", intervalSeconds, 10, 3600);
  between("count", count, 1, 100);
  between("failureLimit", failureLimit, 0, 100);
}
