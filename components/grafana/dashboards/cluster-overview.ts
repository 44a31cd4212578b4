/** Whether clusters have room, and what in them is not well. */
import type { Dashboard } from "../dashboard";

const HERE = 'cluster=~"$cluster"';

/** Share of what nodes offer that pods have asked for. */
const requested = (resource: string) =>
  `sum by (cluster) (kube_pod_container_resource_requests{${HERE},resource="${resource}"}) / sum by (cluster) (kube_node_status_allocatable{${HERE},resource="${resource}"})`;

export const CLUSTER_OVERVIEW: Dashboard = {
  name: "cluster-overview",
  title: "Cluster overview",
  description: "Whether clusters have room, and what in them is not well.",
  clustersOf: "kube_node_info",
  rows: [
    {
      title: "At a glance",
      panels: [
        {
          title: "Nodes that are not ready",
          description: "Pods of such a node are moved after five minutes. See the node's conditions.",
          unit: "short",
          shows: "number",
          alarmingFrom: 1,
          queries: [
            {
              expr: `sum by (cluster) (kube_node_status_condition{${HERE},condition="Ready",status!="true"})`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Pods that do not run",
          description: "Waiting, failed, or on a node that does not answer.",
          unit: "short",
          shows: "number",
          alarmingFrom: 1,
          queries: [
            {
              expr: `sum by (cluster) (kube_pod_status_phase{${HERE},phase=~"Pending|Failed|Unknown"})`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Alerts that fire",
          description:
            "Of the platform, by severity; `Watchdog`, which always fires, is not counted. The page of alerts says which.",
          unit: "short",
          shows: "number",
          alarmingFrom: 1,
          queries: [
            {
              expr: `count by (cluster, severity) (ALERTS{${HERE},alertstate="firing",severity!="none"})`,
              legend: "{{cluster}} {{severity}}",
            },
          ],
        },
        {
          title: "Errors of the API server",
          description: "Share of requests that it answers with an error of its own.",
          unit: "percentunit",
          shows: "number",
          alarmingFrom: 0.01,
          queries: [
            {
              expr: `sum by (cluster) (rate(apiserver_request_total{${HERE},code=~"5.."}[$__rate_interval])) / sum by (cluster) (rate(apiserver_request_total{${HERE}}[$__rate_interval]))`,
              legend: "{{cluster}}",
            },
          ],
        },
      ],
    },
    {
      title: "Room",
      panels: [
        {
          title: "CPU asked for",
          description: "Share of what nodes offer. From one on, a further pod finds no node.",
          unit: "percentunit",
          alarmingFrom: 0.9,
          queries: [{ expr: requested("cpu"), legend: "{{cluster}}" }],
        },
        {
          title: "CPU used",
          description: "Share of all nodes' CPU. Far below what is asked for: requests are too large.",
          unit: "percentunit",
          alarmingFrom: 0.9,
          queries: [
            {
              expr: `1 - avg by (cluster) (rate(node_cpu_seconds_total{${HERE},mode="idle"}[$__rate_interval]))`,
              legend: "{{cluster}}",
            },
          ],
        },
        {
          title: "Memory asked for",
          description: "Share of what nodes offer. From one on, a further pod finds no node.",
          unit: "percentunit",
          alarmingFrom: 0.9,
          queries: [{ expr: requested("memory"), legend: "{{cluster}}" }],
        },
        {
          title: "Memory used",
          description: "Share of all nodes' memory that is not to be had.",
          unit: "percentunit",
          alarmingFrom: 0.9,
          queries: [
            {
              expr: `1 - sum by (cluster) (node_memory_MemAvailable_bytes{${HERE}}) / sum by (cluster) (node_memory_MemTotal_bytes{${HERE}})`,
              legend: "{{cluster}}",
            },
          ],
        },
      ],
    },
    {
      title: "Trouble",
      panels: [
        {
          title: "Containers that start again",
          description: "The ten that did so most often in an hour. See the last words of the one before.",
          unit: "short",
          queries: [
            {
              expr: `topk(10, increase(kube_pod_container_status_restarts_total{${HERE}}[1h]) > 0)`,
              legend: "{{cluster}} {{namespace}}/{{pod}}/{{container}}",
            },
          ],
        },
        {
          title: "Volumes that fill up",
          description: "The ten fullest. Most classes let a claim grow.",
          unit: "percentunit",
          alarmingFrom: 0.85,
          queries: [
            {
              expr: `topk(10, 1 - kubelet_volume_stats_available_bytes{${HERE}} / kubelet_volume_stats_capacity_bytes{${HERE}})`,
              legend: "{{cluster}} {{namespace}}/{{persistentvolumeclaim}}",
            },
          ],
        },
        {
          title: "Targets that do not answer",
          description: "Programs whose metrics Prometheus asks for in vain.",
          unit: "short",
          queries: [{ expr: `count by (cluster, job) (up{${HERE}} == 0)`, legend: "{{cluster}} {{job}}" }],
        },
      ],
    },
  ],
};
