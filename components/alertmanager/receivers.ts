/**
 * Where a team is told of alerts. Addresses and keys are secrets: they are files of a Secret that somebody brings, read at
 * each notification, so that a new key needs no restart.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
 */

/** How a team is told. `none`: nobody is, the alert is seen in Alertmanager alone. */
export type Receiver =
  | { readonly kind: "webhook" }
  | { readonly kind: "slack"; readonly channel: string }
  | { readonly kind: "pagerduty" }
  | { readonly kind: "none" };

/** Folder of the Secret whose keys are the teams' names. */
export const RECEIVERS_FOLDER = "/etc/alertmanager-receivers";

/** What always fires is sent here; its key in the Secret has the same name. */
export const DEAD_MANS_SWITCH = "dead-mans-switch";

/** The receiver of a team, or of the dead man's switch. */
export function receiver(name: string, how: Receiver): object {
  const file = `${RECEIVERS_FOLDER}/${name}`;
  switch (how.kind) {
    case "webhook":
      // 0: all alerts of a group
      return { name, webhook_configs: [{ url_file: file, send_resolved: true, max_alerts: 0 }] };
    case "slack":
      return {
        name,
        slack_configs: [
          {
            api_url_file: file,
            channel: how.channel,
            send_resolved: true,
            title: "{{ .Status | toUpper }} {{ .CommonLabels.alertname }} · {{ .CommonLabels.cluster }}",
            // alerts of one group have one name, and so one runbook
            text: "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ end }}{{ with .CommonAnnotations.runbook_url }}<{{ . }}|Runbook>{{ end }}",
          },
        ],
      };
    case "pagerduty":
      return {
        name,
        pagerduty_configs: [
          {
            routing_key_file: file,
            send_resolved: true,
            severity: "{{ .CommonLabels.severity }}",
            description: "{{ .CommonLabels.alertname }} · {{ .CommonLabels.cluster }}",
          },
        ],
      };
    case "none":
      return { name };
  }
}
