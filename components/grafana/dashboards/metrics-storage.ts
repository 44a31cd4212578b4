/** Whether metrics are kept and found again: Prometheus of each cluster, Thanos on the hub. */
import type { Dashboard } from "../dashboard";

const HERE = 'cluster=~"$cluster"';
const THANOS = `${HERE},namespace="thanos"`;

const share = (failed: string, all: string, by: string) =>
  `sum by (${by}) (rate(${failed}[$__rate_interval])) / sum by (${by}) (rate(${all}[$__rate_interval]))`;

export const METRICS_STORAGE: Dashboard = {
  name: "metrics-storage",
  title: "Prometheus and Thanos",
  description: "Whether metrics are kept and found again: Prometheus of each cluster, Thanos on the hub.",
  clustersOf: "prometheus_build_info",
  rows: [
    {
      title: "Prometheus",
      panels: [
        {
          title: "Series in memory",
          description: "Some 4 KiB each. A jump is a label with too many values.",
          unit: "short",
          queries: [
            { expr: `max by (cluster, pod) (prometheus_tsdb_head_series{${HERE}})`, legend: "{{cluster}} {{pod}}" },
          ],
        },
        {
          title: "Behind the hub",
          description: "Age of the last sample that the hub has. Prometheus keeps two hours of what it could not send.",
          unit: "s",
          alarmingFrom: 120,
          queries: [
            {
              expr: `max by (cluster, pod) (prometheus_remote_storage_highest_timestamp_in_seconds{${HERE}}) - min by (cluster, pod) (prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${HERE}} > 0)`,
              legend: "{{cluster}} {{pod}}",
            },
          ],
        },
        {
          title: "Samples that the hub refused",
          description: "They are lost: too old, or against a limit. See the log of the router.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (cluster) (rate(prometheus_remote_storage_samples_failed_total{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Rules that fail",
          description: "A rule that cannot be evaluated never fires.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (cluster, job) (rate(prometheus_rule_evaluation_failures_total{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}} {{job}}",
            },
          ],
        },
      ],
    },
    {
      title: "Thanos: in",
      panels: [
        {
          title: "Remote writes",
          description: "Answers of the router, by code. 409: a sample that was there already.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (code) (rate(http_requests_total{${THANOS},handler="receive"}[$__rate_interval]))`,
              legend: "{{code}}",
            },
          ],
        },
        {
          title: "Copies that fail",
          description: "Share of copies that an ingestor did not take. Writes fail once two of three copies do.",
          unit: "percentunit",
          alarmingFrom: 0.05,
          queries: [
            {
              expr: share(
                `thanos_receive_replications_total{${THANOS},result="error"}`,
                `thanos_receive_replications_total{${THANOS}}`,
                "pod",
              ),
              legend: "{{pod}}",
            },
          ],
        },
        {
          title: "Series of each ingestor",
          description: "Alike, or the ring is uneven.",
          unit: "short",
          queries: [{ expr: `sum by (pod) (prometheus_tsdb_head_series{${THANOS}})`, legend: "{{pod}}" }],
        },
      ],
    },
    {
      title: "Thanos: kept and found",
      panels: [
        {
          title: "Compactor halted",
          description: "One: it waits for a human, and its log says why.",
          unit: "short",
          shows: "number",
          alarmingFrom: 1,
          queries: [{ expr: `max(thanos_compact_halted{${THANOS}})`, legend: "halted" }],
        },
        {
          title: "Bucket: operations that fail",
          description: "Share by part. Check the role of the pod and the bucket's policy.",
          unit: "percentunit",
          alarmingFrom: 0.05,
          queries: [
            {
              expr: share(
                `thanos_objstore_bucket_operation_failures_total{${THANOS}}`,
                `thanos_objstore_bucket_operations_total{${THANOS}}`,
                "component",
              ),
              legend: "{{component}}",
            },
          ],
        },
        {
          title: "Time of queries",
          description: "Of 99 in a hundred, at the frontend.",
          unit: "s",
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (le, handler) (rate(http_request_duration_seconds_bucket{${THANOS},component="query-frontend"}[$__rate_interval])))`,
              legend: "{{handler}}",
            },
          ],
        },
      ],
    },
  ],
};
