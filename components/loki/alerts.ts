/** What somebody must be told of Loki. */
import type { Alert } from "../alert";

/** The alerts that Loki's authors recommend, but for latency, whose bound is each team's own. */
export const LOKI_ALERTS: readonly Alert[] = [
  {
    name: "LokiAbsent",
    expr: "absent(loki_build_info)",
    for: "10m",
    severity: "critical",
    summary: "No Loki tells of itself.",
    action: "Look at the pods of namespace loki and at what Prometheus says of them as targets.",
  },
  {
    name: "LokiRequestErrors",
    expr: 'sum by (namespace, route) (rate(loki_request_duration_seconds_count{status_code=~"5.."}[5m])) / sum by (namespace, route) (rate(loki_request_duration_seconds_count[5m])) > 0.1',
    for: "15m",
    severity: "critical",
    summary: "More than a tenth of Loki's requests at {{ $labels.route }} fail.",
    action: "Read the logs of namespace loki: the object store refuses, or pods do not find one another.",
  },
  {
    name: "LokiRequestPanics",
    expr: "sum by (namespace, pod) (increase(loki_panic_total[10m])) > 0",
    for: "1m",
    severity: "critical",
    summary: "Loki's pod {{ $labels.pod }} broke off a request by a fault of its own.",
    action: "Find the stack in the logs of the pod, and compare it with the known faults of this version.",
  },
  {
    name: "LokiCompactionStale",
    expr: "min by (namespace) (time() - (loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds > 0)) > 10800",
    for: "1h",
    severity: "warning",
    summary: "Loki has not compacted its index for three hours: nothing is deleted at the end of its retention.",
    action: "Read the logs of the pod that leads the compactor's ring; it needs its volume and the object store.",
  },
  {
    name: "LokiWriteAheadLogFull",
    expr: "sum by (namespace, pod) (increase(loki_ingester_wal_disk_full_failures_total[5m])) > 0",
    for: "1m",
    severity: "critical",
    summary: "The volume of Loki's pod {{ $labels.pod }} is full: logs are taken, and lost if it restarts.",
    action: "Enlarge the claim, or find out why chunks do not reach the object store.",
  },
  {
    name: "LokiDiscardsLogs",
    expr: "sum by (tenant, reason) (rate(loki_discarded_samples_total[5m])) > 0",
    for: "15m",
    severity: "warning",
    summary: "Logs of tenant {{ $labels.tenant }} are refused: {{ $labels.reason }}.",
    action: "Raise what the tenant may send in the environment, or have it send less.",
  },
];
