/**
 * What somebody must be told of, after what upstream's mixin watches: that metrics are lost, that queries fail, that the
 * bucket is not looked after, that rules are not evaluated.
 *
 * @see https://github.com/thanos-io/thanos/tree/main/mixin
 */
import type { Alert } from "../alert";
import { THANOS_NAMESPACE } from "./names";

const own = `namespace="${THANOS_NAMESPACE}"`;

/** Share of one counter's increase in another's over five minutes. */
const share = (part: string, all: string, by: string) =>
  `sum by (${by}) (rate(${part}[5m])) / sum by (${by}) (rate(${all}[5m]))`;

/** Evaluated by the hub's Prometheus, which does not need Thanos to do so. */
export const THANOS_ALERTS: readonly Alert[] = [
  {
    name: "ThanosReceiveErrors",
    expr: `${share(`http_requests_total{${own},handler="receive",code=~"5.."}`, `http_requests_total{${own},handler="receive"}`, "namespace")} > 0.05`,
    for: "5m",
    severity: "critical",
    summary: "Thanos answers more than one in twenty remote writes with an error.",
    action:
      "Prometheus tries again for two hours. See whether routers reach the ingestors, and whether a volume is full.",
  },
  {
    name: "ThanosReceiveReplicationErrors",
    expr: `${share(`thanos_receive_replications_total{${own},result="error"}`, `thanos_receive_replications_total{${own}}`, "namespace")} > 0.05`,
    for: "10m",
    severity: "warning",
    summary: "More than one in twenty copies of metrics is not made.",
    action: "Each series still has enough copies, or writes would fail. See which ingestor is away.",
  },
  {
    name: "ThanosReceiveNoUpload",
    expr: `sum by (pod) (increase(thanos_shipper_upload_failures_total{${own}}[30m])) > 0 and sum by (pod) (increase(thanos_shipper_uploads_total{${own}}[3h])) == 0`,
    for: "30m",
    severity: "critical",
    summary: "Pod {{ $labels.pod }} could upload no block to the bucket for three hours.",
    action:
      "What is not uploaded is lost with the pod's volume, or when its local retention ends. Check the role of its ServiceAccount and the way to the bucket.",
  },
  {
    name: "ThanosCompactHalted",
    expr: `thanos_compact_halted{${own}} == 1`,
    for: "5m",
    severity: "warning",
    summary: "The compactor has stopped: it met a block that it cannot join, and waits for a human.",
    action:
      "Its log names the block; mark it with `thanos tools bucket mark` and restart the pod. Until then nothing is thinned out or deleted.",
  },
  {
    name: "ThanosCompactAbsent",
    expr: `absent(up{${own},pod=~"thanos-compact-.*"} == 1)`,
    for: "2h",
    severity: "warning",
    summary: "No compactor has run for two hours.",
    action: "The bucket grows, and queries of long ranges become slow. See why its pod does not start.",
  },
  {
    name: "ThanosBucketErrors",
    expr: `${share(`thanos_objstore_bucket_operation_failures_total{${own}}`, `thanos_objstore_bucket_operations_total{${own}}`, "pod")} > 0.05`,
    for: "15m",
    severity: "warning",
    summary: "More than one in twenty operations of {{ $labels.pod }} on the bucket fails.",
    action: "Check the role of its ServiceAccount, the bucket's policy and the way to it.",
  },
  {
    name: "ThanosQueryErrors",
    expr: `${share(`http_requests_total{${own},handler=~"query|query_range",code=~"5.."}`, `http_requests_total{${own},handler=~"query|query_range"}`, "namespace")} > 0.05`,
    for: "5m",
    severity: "warning",
    summary: "More than one in twenty queries fails.",
    action:
      "Dashboards and the ruler's rules have gaps. See the log of thanos-query for the part that does not answer.",
  },
  {
    name: "ThanosStoreErrors",
    expr: `${share(`grpc_server_handled_total{${own},pod=~"thanos-store-.*",grpc_code=~"Unknown|Internal|Unavailable|DataLoss|DeadlineExceeded"}`, `grpc_server_handled_total{${own},pod=~"thanos-store-.*"}`, "pod")} > 0.05`,
    for: "5m",
    severity: "warning",
    summary: "The store gateway {{ $labels.pod }} fails more than one in twenty requests.",
    action: "Metrics older than what ingestors hold are missing from answers. See its log, and its memory.",
  },
  {
    name: "ThanosRuleFailures",
    expr: `sum by (pod) (rate(prometheus_rule_evaluation_failures_total{${own}}[5m])) > 0`,
    for: "5m",
    severity: "critical",
    summary: "Rules over all clusters are not evaluated by {{ $labels.pod }}.",
    action:
      "Alerts of the fleet do not fire. The ruler's page /rules says which fails; most often a part of Thanos does not answer.",
  },
  {
    name: "ThanosRuleAlertsDropped",
    expr: `sum by (pod) (rate(thanos_alert_sender_alerts_dropped_total{${own}}[5m])) > 0`,
    for: "5m",
    severity: "critical",
    summary: "The ruler {{ $labels.pod }} cannot hand its alerts to any Alertmanager.",
    action: "Nobody is told of what concerns the fleet. Check Alertmanager's pods and certificates.",
  },
];

/** Evaluated by the ruler: that a whole cluster has fallen silent is seen from outside of it, or not at all. */
export const fleetAlerts = (clusters: readonly string[]): Alert[] =>
  clusters.map((cluster) => ({
    name: `ClusterSilent${cluster
      .split("-")
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join("")}`,
    expr: `absent(up{cluster="${cluster}"})`,
    for: "10m",
    severity: "critical",
    runbookSection: "ClusterSilent",
    summary: `Cluster ${cluster} has sent no metrics for ten minutes.`,
    action:
      "See whether it runs, and whether its Prometheus reaches the hub: its own alerts may not reach anybody either.",
  }));
