/** What somebody must be told of Jaeger. */
import type { Alert } from "../alert";

/** Where traces are stored. */
export const JAEGER_ALERTS: readonly Alert[] = [
  {
    name: "JaegerCollectorAbsent",
    expr: 'absent(otelcol_process_uptime_seconds_total{namespace="jaeger"})',
    for: "10m",
    severity: "critical",
    summary: "No role of Jaeger tells of itself.",
    action: "Look at the pods of namespace jaeger: without their store they do not start.",
  },
  {
    name: "JaegerSpansNotStored",
    expr: 'sum by (namespace, pod) (rate(otelcol_exporter_send_failed_spans_total{exporter="jaeger_storage_exporter"}[5m])) > 0',
    for: "10m",
    severity: "critical",
    summary: "Jaeger's pod {{ $labels.pod }} does not get spans into their store.",
    action: "Look at the store; samplers hold what they can and then drop traces.",
  },
  {
    name: "JaegerSpansRefused",
    expr: 'sum by (namespace, pod) (rate(otelcol_receiver_refused_spans_total{namespace="jaeger"}[5m])) > 0',
    for: "10m",
    severity: "warning",
    summary: "Jaeger's pod {{ $labels.pod }} refuses spans: it is short of memory.",
    action: "Give collectors more memory, or have fewer traces kept.",
  },
  {
    name: "JaegerQueriesFail",
    expr: 'sum by (namespace) (rate(jaeger_storage_requests_total{result="err"}[5m])) / sum by (namespace) (rate(jaeger_storage_requests_total[5m])) > 0.05',
    for: "15m",
    severity: "warning",
    summary: "More than one in twenty of Jaeger's questions to its store fails.",
    action: "Look at the store, and at what people ask: a search over many days may be too much for it.",
  },
];
