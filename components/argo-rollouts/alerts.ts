/**
 * What somebody must be told of Argo Rollouts.
 *
 * @see https://argo-rollouts.readthedocs.io/en/release-1.9/features/controller-metrics/
 */
import type { Alert } from "../alert";
import { ARGO_ROLLOUTS_NAMESPACE } from "./roles";

export function argoRolloutsAlerts(): Alert[] {
  return [
    {
      name: "ArgoRolloutsAbsent",
      expr: `absent(up{namespace="${ARGO_ROLLOUTS_NAMESPACE}",pod=~"argo-rollouts-.*"} == 1)`,
      for: "10m",
      severity: "critical",
      summary: "No controller of Argo Rollouts runs: no canary goes on, and none is taken back.",
      action: "Read the events and the log of Deployment argo-rollouts in namespace argo-rollouts.",
    },
    {
      name: "ArgoRolloutDegraded",
      expr: 'rollout_info{phase="Degraded"} == 1',
      for: "5m",
      severity: "warning",
      summary: "A Rollout is degraded: its canary was aborted, or does not start; the version before serves.",
      action: "Run `kubectl argo rollouts get rollout` on it, then correct the version in its repository.",
    },
    {
      name: "ArgoRolloutStuck",
      // a canary of four steps, each of five questions a minute apart, takes half an hour
      expr: 'rollout_info{phase=~"Progressing|Paused"} == 1',
      for: "2h",
      severity: "warning",
      summary: "A Rollout has been {{ $labels.phase }} for two hours, which is four times what a canary takes.",
      action: "Look at its last AnalysisRun: without traffic it is inconclusive, and somebody must promote or abort.",
    },
    {
      name: "ArgoRolloutsFailing",
      expr: "sum(increase(rollout_reconcile_error[15m])) > 10",
      for: "15m",
      severity: "warning",
      summary: "Argo Rollouts fails to bring Rollouts about.",
      action: "Read the controller's log: most often a right is missing, or a VirtualService that a Rollout names.",
    },
  ];
}
