/** What somebody must be told of. */
import type { Alert } from "../alert";
import { GRAFANA_NAMESPACE } from "./names";

const own = `namespace="${GRAFANA_NAMESPACE}"`;

export const GRAFANA_ALERTS: readonly Alert[] = [
  {
    name: "GrafanaAbsent",
    expr: `absent(up{${own},job="grafana"} == 1)`,
    for: "15m",
    severity: "warning",
    summary: "No Grafana has run for fifteen minutes.",
    action:
      "Nobody sees a dashboard; alerts are sent all the same. See why its pod does not start: most often a Secret is missing.",
  },
  {
    name: "GrafanaErrors",
    expr: `sum by (namespace) (rate(grafana_http_request_duration_seconds_count{${own},status_code=~"5.."}[5m])) / sum by (namespace) (rate(grafana_http_request_duration_seconds_count{${own}}[5m])) > 0.1`,
    for: "10m",
    severity: "warning",
    summary: "More than one in ten answers of Grafana is an error.",
    action: "Its log names the store that does not answer.",
  },
  {
    name: "GrafanaCertificateStale",
    expr: `time() - process_start_time_seconds{${own},job="grafana"} > 150 * 86400`,
    for: "1h",
    severity: "warning",
    summary: "Pod {{ $labels.pod }} has run for 150 days with the certificate of its start, which ends after a year.",
    action:
      "Restart it: `kubectl -n grafana rollout restart statefulset/grafana` (deployment/grafana with a database).",
  },
];
