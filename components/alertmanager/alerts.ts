/**
 * What somebody must be told of those who tell.
 *
 * @see the metrics of prometheus/alertmanager 0.34 (notify/, cluster/, config/)
 */
import type { Alert } from "../alert";

export const ALERTMANAGER_ALERTS: readonly Alert[] = [
  {
    name: "AlertmanagerConfigurationNotLoaded",
    expr: 'max_over_time(alertmanager_config_last_reload_successful{job="alertmanager"}[5m]) == 0',
    for: "10m",
    severity: "critical",
    summary: "Alertmanager {{ $labels.pod }} refuses its configuration.",
    action: "Its log names the fault.",
  },
  {
    name: "AlertmanagerNotificationsFail",
    expr: [
      'rate(alertmanager_notifications_failed_total{job="alertmanager"}[5m])',
      '/ rate(alertmanager_notifications_total{job="alertmanager"}[5m]) > 0.01',
    ].join(" "),
    for: "5m",
    severity: "critical",
    summary: "Alertmanager {{ $labels.pod }} fails to notify by {{ $labels.integration }}: {{ $labels.reason }}.",
    action: "See whether the address and key in the receivers' Secret are right, and whether the service answers.",
  },
  {
    name: "AlertmanagerMembersMissing",
    expr: [
      'max_over_time(alertmanager_cluster_members{job="alertmanager"}[5m])',
      '< on () group_left () count(max_over_time(alertmanager_cluster_members{job="alertmanager"}[5m]))',
    ].join(" "),
    for: "15m",
    severity: "critical",
    summary: "Alertmanager {{ $labels.pod }} does not see all others: people are told twice.",
    action: "See whether port 9094, TCP and UDP, is open between their pods.",
  },
  {
    name: "AlertmanagerConfigurationsDiffer",
    expr: 'count(count_values("hash", alertmanager_config_hash{job="alertmanager"})) != 1',
    for: "20m",
    severity: "warning",
    summary: "The Alertmanagers have different configurations.",
    action: "See why the rollout of the StatefulSet does not end.",
  },
];
