/**
 * How a canary goes: its share of the traffic grows step by step, and each step is judged before the next.
 *
 * @see https://argo-rollouts.readthedocs.io/en/release-1.9/features/traffic-management/istio/
 */
import { CANARY_HASH } from "./analysis";

export interface CanaryArgs {
  /** ClusterAnalysisTemplates by which each step is judged, at least one. */
  readonly analyses: readonly string[];
  /** VirtualService of the same namespace whose weights are moved, and the route of it. */
  readonly virtualService: { readonly name: string; readonly route: string };
  /** DestinationRule of the same namespace with subsets `stable` and `canary`. */
  readonly destinationRule: string;
  /** Shares of the traffic, percent, 1–100, rising. @default 5, 25, 50, 100: few are hurt first, and four judgements end it */
  readonly weights?: readonly number[];
  /** Seconds at each share before it is judged, 0–86400. @default 60: metrics of the new share must be there */
  readonly settleSeconds?: number;
}

/**
 * `spec.strategy` of a Rollout.
 *
 * @throws Error naming the field, its value and the bound
 */
export function canaryStrategy(args: CanaryArgs): object {
  const { analyses, destinationRule, settleSeconds = 60, virtualService, weights = [5, 25, 50, 100] } = args;
  checkCanary(analyses, weights, settleSeconds);
  const judged = {
    analysis: {
      templates: analyses.map((templateName) => ({ templateName, clusterScope: true })),
      args: [{ name: CANARY_HASH, valueFrom: { podTemplateHashValue: "Latest" } }],
    },
  };
  return {
    canary: {
      maxSurge: "25%",
      maxUnavailable: 0,
      // proxies learn of new weights within seconds; pods of the old version wait for that
      scaleDownDelaySeconds: 30,
      abortScaleDownDelaySeconds: 30,
      trafficRouting: {
        istio: {
          virtualService: { name: virtualService.name, routes: [virtualService.route] },
          destinationRule: { name: destinationRule, stableSubsetName: "stable", canarySubsetName: "canary" },
        },
      },
      steps: weights.flatMap((setWeight) => [{ setWeight }, { pause: { duration: `${settleSeconds}s` } }, judged]),
    },
  };
}

function checkCanary(analyses: readonly string[], weights: readonly number[], settleSeconds: number): void {
  if (analyses.length === 0) {
    throw new Error(
      "canary: analyses is empty, must name at least one: a canary that nothing judges is a slow rollout",
    );
  }
  weights.forEach((weight, index) => {
    const least = (weights[index - 1] ?? 0) + 1;
    if (Number.isInteger(weight) && weight >= least && weight <= 100) return;
    throw new Error(`canary: weights[${index}] is ${weight}, must be a whole number of ${least}–100: shares only grow`);
  });
  if (weights.at(-1) !== 100) {
    throw new Error(
      `canary: weights ends with ${weights.at(-1)}, must end with 100: the last judgement is of all traffic`,
    );
  }
  if (!Number.isInteger(settleSeconds) || settleSeconds < 0 || settleSeconds > 86_400) {
    throw new Error(`canary: settleSeconds is ${settleSeconds}, must be a whole number of 0–86400`);
  }
}
