/**
 * What somebody must be told of the way that telemetry takes.
 *
 * @see the metrics of the collector 0.152 (exporterhelper, receiverhelper, tailsamplingprocessor, loadbalancingexporter:
 *   internal/metadata/generated_telemetry.go), without suffixes of type and unit
 */
import type { Alert } from "../alert";

const JOB = 'job="opentelemetry-collector"';
const SIGNALS = "(spans|metric_points|log_records)";

export const OPENTELEMETRY_COLLECTOR_ALERTS: readonly Alert[] = [
  {
    name: "CollectorRefusesTelemetry",
    expr: `sum by (component) (rate({__name__=~"otelcol_receiver_refused_${SIGNALS}", ${JOB}}[5m])) > 0`,
    for: "15m",
    severity: "warning",
    summary:
      "Collectors ({{ $labels.component }}) refuse telemetry: they are short of memory, or what follows them is.",
    action: "See the queues of the collectors behind them. Senders try again; agents leave logs in their files.",
  },
  {
    name: "CollectorLosesTelemetry",
    expr: `sum by (component, exporter) (rate({__name__=~"otelcol_exporter_(send|enqueue)_failed_${SIGNALS}", ${JOB}}[5m])) > 0`,
    for: "10m",
    severity: "critical",
    summary: "Telemetry is lost on the way from collectors ({{ $labels.component }}) by {{ $labels.exporter }}.",
    action: "See whether the store or the next collector answers, and why it refuses.",
  },
  {
    name: "CollectorQueueNearlyFull",
    expr: `max by (component, exporter) (otelcol_exporter_queue_size{${JOB}} / otelcol_exporter_queue_capacity{${JOB}}) > 0.8`,
    for: "10m",
    severity: "warning",
    summary:
      "The queue of {{ $labels.exporter }} ({{ $labels.component }}) is filled by {{ $value | humanizePercentage }}.",
    action: "The store or the next collector does not keep up. What no longer fits is refused.",
  },
  {
    name: "CollectorDropsUndecidedTraces",
    expr: `sum(rate(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{${JOB}}[5m])) > 0`,
    for: "15m",
    severity: "warning",
    summary: "Samplers drop traces before they have decided: more are under way than they may hold.",
    action: "Raise tracesInMemory and the samplers' memory, or the number of samplers.",
  },
  {
    name: "CollectorAbsent",
    expr: `sum by (component) (up{${JOB}}) == 0`,
    for: "10m",
    severity: "critical",
    summary: "No collector ({{ $labels.component }}) gives metrics.",
    action: "See whether their pods run.",
  },
];
