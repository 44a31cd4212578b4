/** Whether telemetry arrives: what collectors take, pass on, refuse and lose. */
import type { Dashboard, Panel } from "../dashboard";

const HERE = 'cluster=~"$cluster"';

/** Records, spans or points a second, by who takes or sends them. */
const flow = (signal: string, noun: string): Panel => ({
  title: `${signal} taken and passed on`,
  description: "A gap between the two is what waits, or is sampled away.",
  unit: "ops",
  queries: ["receiver_accepted", "exporter_sent"].map((counter) => ({
    expr: `sum by (component) (rate(otelcol_${counter}_${noun}{${HERE}}[$__rate_interval]))`,
    legend: `{{component}} ${counter.split("_")[1]}`,
  })),
});

/** What is lost, or will be soon. */
const lost = (title: string, description: string, counter: string): Panel => ({
  title,
  description,
  unit: "ops",
  queries: ["spans", "metric_points", "log_records"].map((noun) => ({
    expr: `sum by (component) (rate(otelcol_${counter}_${noun}{${HERE}}[$__rate_interval]))`,
    legend: `{{component}} ${noun}`,
  })),
});

export const COLLECTOR_PIPELINES: Dashboard = {
  name: "collector-pipelines",
  title: "Telemetry pipelines",
  description: "Whether telemetry arrives: what collectors take, pass on, refuse and lose.",
  clustersOf: "otelcol_process_uptime",
  rows: [
    {
      title: "Through the collectors",
      panels: [flow("Spans", "spans"), flow("Metrics", "metric_points"), flow("Logs", "log_records")],
    },
    {
      title: "Lost on the way",
      panels: [
        lost("Refused", "Senders are told to wait: memory is short, or a queue is full.", "receiver_refused"),
        lost("Not sent", "A store or the next collector refuses it, for good.", "exporter_send_failed"),
        lost("Not queued", "A queue is full: the store behind it does not keep up.", "exporter_enqueue_failed"),
      ],
    },
    {
      title: "Room",
      panels: [
        {
          title: "Fullest queues",
          description: "Share of what a queue may hold, the ten fullest. From one on, telemetry is refused.",
          unit: "percentunit",
          alarmingFrom: 0.8,
          queries: [
            {
              expr: `topk(10, otelcol_exporter_queue_size{${HERE}} / otelcol_exporter_queue_capacity{${HERE}})`,
              legend: "{{pod}} {{exporter}}",
            },
          ],
        },
        {
          title: "Traces that wait for a decision",
          description: "The most is `tracesInMemory`: from there on the oldest are dropped undecided.",
          unit: "short",
          queries: [
            {
              expr: `sum by (cluster, pod) (otelcol_processor_tail_sampling_sampling_traces_on_memory{${HERE}})`,
              legend: "{{cluster}} {{pod}}",
            },
          ],
        },
        {
          title: "Memory",
          description: "Of each collector. At four fifths of its limit it refuses what comes in.",
          unit: "bytes",
          queries: [
            {
              expr: `max by (cluster, component) (otelcol_process_memory_rss{${HERE}})`,
              legend: "{{cluster}} {{component}}",
            },
          ],
        },
      ],
    },
  ],
};
