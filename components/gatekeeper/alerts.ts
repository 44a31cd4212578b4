/**
 * What somebody must be told of admission and audit.
 *
 * @see the metrics of gatekeeper 3.23 (pkg/webhook, pkg/audit, pkg/controller/constrainttemplate: stats_reporter.go), and
 *   `apiserver_admission_webhook_*` of kube-apiserver
 */
import type { Alert } from "../alert";

export const GATEKEEPER_ALERTS: readonly Alert[] = [
  {
    name: "GatekeeperWebhookAbsent",
    expr: 'absent(up{job="gatekeeper", component="webhook"} == 1)',
    for: "5m",
    severity: "critical",
    summary:
      "Nothing that rules match can be created or changed: Gatekeeper's webhook gives no metrics, and it fails closed.",
    action: "See whether its pods run. Pods that exist are not touched.",
  },
  {
    name: "GatekeeperWebhookFails",
    // kube-apiserver's own count: what never reached Gatekeeper is in it
    expr: 'sum by (name) (rate(apiserver_admission_webhook_rejection_count{job="apiserver", name=~".*gatekeeper.sh", error_type="calling_webhook_error"}[5m])) > 0',
    for: "10m",
    severity: "critical",
    summary: "kube-apiserver cannot ask {{ $labels.name }}, and refuses what it would ask about.",
    action:
      "See whether Gatekeeper's pods answer within the webhook's timeout, and whether its certificate is current.",
  },
  {
    name: "GatekeeperWebhookSlow",
    expr: 'histogram_quantile(0.99, sum by (le) (rate(gatekeeper_validation_request_duration_seconds_bucket{job="gatekeeper"}[10m]))) > 1',
    for: "15m",
    severity: "warning",
    summary: "Gatekeeper takes {{ $value }} s for one request in a hundred; after 3 s kube-apiserver gives up.",
    action: "See which rule is slow, or give the webhook more CPU.",
  },
  {
    name: "GatekeeperAuditStale",
    // the longest interval that an environment may set is an hour
    expr: 'time() - max(gatekeeper_audit_last_run_end_time{job="gatekeeper"}) > 2 * 3600',
    for: "10m",
    severity: "warning",
    summary: "The last audit ended {{ $value | humanizeDuration }} ago: violations are not known.",
    action: "See the log of the audit pod, and whether its memory suffices for all objects.",
  },
  {
    name: "GatekeeperTemplateBroken",
    expr: 'max(gatekeeper_constraint_templates{job="gatekeeper", status="error"}) > 0',
    for: "10m",
    severity: "critical",
    summary: "{{ $value }} rules do not compile in Gatekeeper: what they forbid is allowed.",
    action: "kubectl get constrainttemplates -o yaml shows each one's error.",
  },
];
