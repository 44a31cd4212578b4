/**
 * What somebody must be told of Prometheus itself, and the signal that it still tells anybody anything.
 *
 * @see the metrics of prometheus/prometheus 3.13 (scrape/metrics.go, rules/group.go, storage/remote/queue_manager.go) and
 *   of prometheus-operator 0.93 (pkg/operator/operator.go)
 */
import type { Alert } from "../alert";

/** Name of the alert that always fires: when it stops arriving, alerting is broken. */
export const WATCHDOG = "Watchdog";

export const PROMETHEUS_ALERTS: readonly Alert[] = [
  {
    name: WATCHDOG,
    expr: "vector(1)",
    for: "0m",
    severity: "none",
    summary: "Alerting works: this alert always fires.",
    action: "None while it arrives. Whoever receives it must raise an alarm of its own when it stops.",
  },
  {
    name: "TargetDown",
    // a job of which one pod in ten is away is being rolled out or drained
    expr: "100 * (count by (job, namespace) (up == 0) / count by (job, namespace) (up)) > 10",
    for: "15m",
    severity: "warning",
    summary: "{{ $value | humanize }} % of the pods of {{ $labels.namespace }}/{{ $labels.job }} give no metrics.",
    action:
      "See whether the pods run and whether a network policy keeps Prometheus out. Alerts on their metrics are blind.",
  },
  {
    name: "PrometheusConfigurationNotLoaded",
    expr: 'max_over_time(prometheus_config_last_reload_successful{job="prometheus"}[5m]) == 0',
    for: "10m",
    severity: "critical",
    summary: "Prometheus {{ $labels.pod }} refuses its configuration and goes on with the old one.",
    action: "Its log names the fault. New monitors and rules have no effect until it is mended.",
  },
  {
    name: "PrometheusRuleFailures",
    expr: 'increase(prometheus_rule_evaluation_failures_total{job="prometheus"}[5m]) > 0',
    for: "15m",
    severity: "critical",
    summary: "Prometheus {{ $labels.pod }} cannot evaluate rules of {{ $labels.rule_group }}.",
    action: "Run the rule by hand and mend it: its alerts cannot fire.",
  },
  {
    name: "PrometheusMissedRuleEvaluations",
    expr: 'increase(prometheus_rule_group_iterations_missed_total{job="prometheus"}[5m]) > 0',
    for: "15m",
    severity: "warning",
    summary:
      "Prometheus {{ $labels.pod }} leaves out evaluations of {{ $labels.rule_group }}: it takes longer than its interval.",
    action: "Give Prometheus more CPU, or make the group's rules cheaper.",
  },
  {
    name: "PrometheusRemoteWriteBehind",
    // the newest sample taken and the newest sent, per receiver
    expr: [
      'max_over_time(prometheus_remote_storage_queue_highest_timestamp_seconds{job="prometheus"}[5m])',
      '- max_over_time(prometheus_remote_storage_queue_highest_sent_timestamp_seconds{job="prometheus"}[5m]) > 120',
    ].join(" "),
    for: "15m",
    severity: "critical",
    summary:
      "Prometheus {{ $labels.pod }} is {{ $value | humanizeDuration }} behind in sending samples to long-term storage.",
    action: "See whether the receiver answers and takes the samples. What is not sent within two hours is lost there.",
  },
  {
    name: "PrometheusRemoteWriteRefused",
    expr: 'rate(prometheus_remote_storage_samples_failed_total{job="prometheus"}[5m]) > 0',
    for: "15m",
    severity: "critical",
    summary: "Samples of Prometheus {{ $labels.pod }} are refused by long-term storage, and lost there.",
    action: "Its log holds the receiver's reason: a limit, a label, or the time of the samples.",
  },
  {
    name: "PrometheusNotConnectedToAlertmanagers",
    expr: 'max_over_time(prometheus_notifications_alertmanagers_discovered{job="prometheus"}[5m]) < 1',
    for: "10m",
    severity: "critical",
    summary: "Prometheus {{ $labels.pod }} knows no Alertmanager: its alerts reach nobody.",
    action: "See whether the Alertmanagers run and whether their name resolves.",
  },
  {
    name: "PrometheusAlertsNotSent",
    expr: [
      'rate(prometheus_notifications_errors_total{job="prometheus"}[5m])',
      '/ rate(prometheus_notifications_sent_total{job="prometheus"}[5m]) > 0.01',
    ].join(" "),
    for: "15m",
    severity: "warning",
    summary:
      "Prometheus {{ $labels.pod }} fails to send {{ $value | humanizePercentage }} of its alerts to {{ $labels.alertmanager }}.",
    action: "See whether that Alertmanager answers, and whether both certificates are of the same CA.",
  },
  {
    name: "PrometheusStorageFailures",
    expr: 'increase(prometheus_tsdb_compactions_failed_total{job="prometheus"}[3h]) + increase(prometheus_tsdb_wal_corruptions_total{job="prometheus"}[3h]) > 0',
    for: "15m",
    severity: "warning",
    summary: "Prometheus {{ $labels.pod }} cannot write its blocks, or found them damaged.",
    action: "See whether its volume is full or broken; the other replica has the same samples.",
  },
  {
    name: "PrometheusOperatorRejectedResources",
    // upstream's own, in the operator's mixin
    expr: 'min_over_time(prometheus_operator_managed_resources{job="prometheus-operator", state="rejected"}[5m]) > 0',
    for: "5m",
    severity: "warning",
    summary: "The operator of Prometheus rejects {{ $value }} objects of kind {{ $labels.resource }}.",
    action: "Its log and the Events of the objects say why. What they ask for is not measured, or not judged.",
  },
  {
    name: "PrometheusOperatorFailing",
    expr: 'rate(prometheus_operator_reconcile_errors_total{job="prometheus-operator"}[10m]) / rate(prometheus_operator_reconcile_operations_total{job="prometheus-operator"}[10m]) > 0.1',
    for: "30m",
    severity: "warning",
    summary:
      "prometheus-operator fails at {{ $value | humanizePercentage }} of what it does for {{ $labels.controller }}.",
    action: "Its log names the object. Changes of monitors and rules may not reach Prometheus.",
  },
];
