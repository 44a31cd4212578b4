/**
 * What somebody must be told of nodes.
 *
 * @see prometheus/node_exporter 1.12, collector/
 */
import type { Alert } from "../alert";

export const NODE_EXPORTER_ALERTS: readonly Alert[] = [
  {
    name: "NodeFilesystemFillingUp",
    expr: [
      'node_filesystem_avail_bytes{job="node-exporter", fstype!=""} / node_filesystem_size_bytes{job="node-exporter", fstype!=""} < 0.2',
      'and predict_linear(node_filesystem_avail_bytes{job="node-exporter", fstype!=""}[6h], 24 * 3600) < 0',
      'and node_filesystem_readonly{job="node-exporter", fstype!=""} == 0',
    ].join(" "),
    for: "1h",
    severity: "warning",
    summary: "{{ $labels.mountpoint }} of node {{ $labels.node }} is full within a day.",
    action: "See which images, logs or scratch volumes fill it, or replace the node by one with a larger disk.",
  },
  {
    name: "NodeFilesystemFull",
    expr: [
      'node_filesystem_avail_bytes{job="node-exporter", fstype!=""} / node_filesystem_size_bytes{job="node-exporter", fstype!=""} < 0.05',
      'and node_filesystem_readonly{job="node-exporter", fstype!=""} == 0',
    ].join(" "),
    for: "15m",
    severity: "critical",
    summary: "{{ $labels.mountpoint }} of node {{ $labels.node }} has {{ $value | humanizePercentage }} left.",
    action: "Drain the node, then free or enlarge its disk: the kubelet evicts pods at 10 %.",
  },
  {
    name: "NodeMemoryNearlyFull",
    expr: 'node_memory_MemAvailable_bytes{job="node-exporter"} / node_memory_MemTotal_bytes{job="node-exporter"} < 0.05',
    for: "15m",
    severity: "warning",
    summary: "Node {{ $labels.node }} has {{ $value | humanizePercentage }} of its memory left.",
    action: "See which pods use more than they ask for, and raise their requests.",
  },
  {
    name: "NodeClockWrong",
    expr: [
      '(node_timex_offset_seconds{job="node-exporter"} > 0.05 and deriv(node_timex_offset_seconds{job="node-exporter"}[5m]) >= 0)',
      'or (node_timex_offset_seconds{job="node-exporter"} < -0.05 and deriv(node_timex_offset_seconds{job="node-exporter"}[5m]) <= 0)',
    ].join(" "),
    for: "10m",
    severity: "warning",
    summary: "The clock of node {{ $labels.node }} is off by {{ $value }} s and getting worse.",
    action: "See the node's time service. Certificates, leases and traces rest on the clock.",
  },
  {
    name: "NodeDiskArrayDegraded",
    expr: 'node_md_disks_required{job="node-exporter"} - ignoring (state) node_md_disks{job="node-exporter", state="active"} > 0',
    for: "15m",
    severity: "critical",
    summary: "Array {{ $labels.device }} of node {{ $labels.node }} lacks {{ $value }} disks.",
    action: "Replace the disk before another one fails.",
  },
];
