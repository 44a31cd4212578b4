/** What somebody must be told of backups: those that fail, that do not happen, and that have nowhere to go. */
import type { Alert } from "../alert";

export const ALERTS: readonly Alert[] = [
  {
    name: "VeleroAbsent",
    expr: "absent(velero_backup_total)",
    for: "30m",
    severity: "warning",
    summary: "Velero has not reported for half an hour: nothing is backed up.",
    action: "Look at the Deployment velero; without the Secret velero-repo-credentials it does not start.",
  },
  {
    name: "VeleroBackupFailed",
    expr: 'velero_backup_last_status{schedule!=""} == 0',
    for: "15m",
    severity: "warning",
    summary: "The last backup of schedule {{ $labels.schedule }} failed.",
    action: "Read the backup with `velero backup describe --details` and `velero backup logs`; then start it again.",
  },
  {
    name: "VeleroBackupTooOld",
    // two days: one daily backup was missed, and the next one, too
    expr: 'time() - velero_backup_last_successful_timestamp{schedule!=""} > 2 * 86400',
    for: "15m",
    severity: "critical",
    summary: "Schedule {{ $labels.schedule }} has no backup that is younger than two days.",
    action: "See why its backups fail; until then what changes cannot be restored.",
  },
  {
    name: "VeleroBackupLocationUnavailable",
    expr: "velero_backup_location_status_gauge == 0",
    for: "15m",
    severity: "critical",
    summary: "The backup location {{ $labels.backup_location_name }} cannot be used.",
    action:
      "See its status: the bucket must exist, and the ServiceAccounts velero and node-agent must have access to it.",
  },
];
