/**
 * What somebody must be told of Argo CD. Metrics are those of upstream's page of metrics.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/metrics/
 */
import type { Alert } from "../alert";
import { ARGO_CD_NAMESPACE } from "./projects";

export function argoCdAlerts(): Alert[] {
  const up = (pods: string) => `absent(up{namespace="${ARGO_CD_NAMESPACE}",pod=~"${pods}-.*"} == 1)`;
  return [
    {
      name: "ArgoCdControllerAbsent",
      expr: up("argocd-application-controller"),
      for: "10m",
      severity: "critical",
      summary: "Argo CD's controller is gone: nothing is synchronised, on no cluster.",
      action: "Read the events and the log of StatefulSet argocd-application-controller in namespace argocd.",
    },
    {
      name: "ArgoCdRepoServerAbsent",
      expr: up("argocd-repo-server"),
      for: "10m",
      severity: "critical",
      summary: "No repo server of Argo CD answers: no repository is read, so no change arrives.",
      action: "Read the events and the log of Deployment argocd-repo-server; it ends when it runs out of memory.",
    },
    {
      name: "ArgoCdApplicationDegraded",
      expr: 'argocd_app_info{health_status="Degraded"} == 1',
      for: "15m",
      severity: "warning",
      summary:
        "Application {{ $labels.name }} of tenant {{ $labels.project }} is degraded; later clusters wait for it.",
      action: "Look at the Application in Argo CD, then go back to the revision before in its repository.",
    },
    {
      name: "ArgoCdApplicationOutOfSync",
      expr: 'argocd_app_info{sync_status!="Synced"} == 1',
      for: "1h",
      severity: "warning",
      summary:
        "Application {{ $labels.name }} of tenant {{ $labels.project }} is {{ $labels.sync_status }} for an hour.",
      action: "Read the Application's last operation; a step that waits for an unhealthy cluster looks the same.",
    },
    {
      name: "ArgoCdSyncFailing",
      expr: 'sum by (name, project) (increase(argocd_app_sync_total{phase=~"Error|Failed"}[30m])) > 0',
      for: "15m",
      severity: "warning",
      summary: "Synchronising Application {{ $labels.name }} of tenant {{ $labels.project }} fails.",
      action:
        "Read the message of the Application's last operation: most often the API server or a rule refused an object.",
    },
    {
      name: "ArgoCdClusterUnreachable",
      expr: "argocd_cluster_connection_status == 0",
      for: "10m",
      severity: "critical",
      summary: "Argo CD cannot reach cluster {{ $labels.server }}.",
      action: "List the credentials of the cluster with `fleetwright credentials list`, and rotate those that ran out.",
    },
    {
      name: "ArgoCdRepoServerTooOld",
      // 200 days: its certificate is renewed after 182, read only at its start, and the one it shows ends after 365
      expr: `time() - process_start_time_seconds{namespace="${ARGO_CD_NAMESPACE}",pod=~"argocd-repo-server-.*"} > 200 * 86400`,
      for: "1h",
      severity: "warning",
      summary: "{{ $labels.pod }} has run for 200 days, and shows a certificate that was renewed since.",
      action: "Restart it with `kubectl -n argocd rollout restart deployment argocd-repo-server` within 160 days.",
    },
  ];
}
