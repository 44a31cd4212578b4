/**
 * What somebody must be told of workloads, nodes and volumes of a cluster.
 *
 * @see kubernetes/kube-state-metrics 2.20, docs/metrics; `kubelet_volume_stats_*` are the kubelet's
 */
import type { Alert } from "../alert";

export const KUBE_STATE_METRICS_ALERTS: readonly Alert[] = [
  {
    name: "KubeStateMetricsAbsent",
    expr: 'absent(up{job="kube-state-metrics"} == 1)',
    for: "10m",
    severity: "critical",
    summary: "Nothing tells of the cluster's objects: kube-state-metrics gives no metrics.",
    action: "See whether its pod runs. Until it does, alerts on pods, nodes and volumes are blind.",
  },
  {
    name: "PodCrashLooping",
    expr: 'max_over_time(kube_pod_container_status_waiting_reason{job="kube-state-metrics", reason="CrashLoopBackOff"}[5m]) >= 1',
    for: "15m",
    severity: "warning",
    summary: "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} keeps crashing.",
    action: "Read the log of its last run: kubectl logs --previous.",
  },
  {
    name: "PodNotReady",
    expr: 'sum by (namespace, pod) (max by (namespace, pod) (kube_pod_status_phase{job="kube-state-metrics", phase=~"Pending|Unknown|Failed"}) * on (namespace, pod) group_left (owner_kind) topk by (namespace, pod) (1, max by (namespace, pod, owner_kind) (kube_pod_owner{owner_kind!="Job"}))) > 0',
    for: "15m",
    severity: "warning",
    summary: "Pod {{ $labels.namespace }}/{{ $labels.pod }} has not been running for 15 minutes.",
    action: "kubectl describe pod says what it waits for: a node, a volume, an image.",
  },
  {
    name: "DeploymentReplicasMissing",
    expr: [
      '(kube_deployment_spec_replicas{job="kube-state-metrics"} > kube_deployment_status_replicas_available{job="kube-state-metrics"})',
      'and (changes(kube_deployment_status_replicas_updated{job="kube-state-metrics"}[10m]) == 0)',
    ].join(" "),
    for: "15m",
    severity: "warning",
    summary: "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has fewer pods available than it asks for.",
    action: "See why its pods are not ready, or cannot be placed.",
  },
  {
    name: "StatefulSetReplicasMissing",
    expr: [
      '(kube_statefulset_replicas{job="kube-state-metrics"} > kube_statefulset_status_replicas_ready{job="kube-state-metrics"})',
      'and (changes(kube_statefulset_status_replicas_updated{job="kube-state-metrics"}[10m]) == 0)',
    ].join(" "),
    for: "15m",
    severity: "warning",
    summary: "StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} has fewer pods ready than it asks for.",
    action: "See why its pods are not ready; a volume binds a pod to its zone.",
  },
  {
    name: "DaemonSetPodsMissing",
    expr: 'kube_daemonset_status_desired_number_scheduled{job="kube-state-metrics"} - kube_daemonset_status_number_ready{job="kube-state-metrics"} > 0',
    for: "30m",
    severity: "warning",
    summary: "{{ $value }} nodes lack a ready pod of DaemonSet {{ $labels.namespace }}/{{ $labels.daemonset }}.",
    action: "See whether the nodes are full, tainted or lost.",
  },
  {
    name: "JobFailed",
    expr: 'kube_job_failed{job="kube-state-metrics", condition="true"} > 0',
    for: "15m",
    severity: "warning",
    summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed.",
    action: "Read its pod's log, mend the cause, and delete the Job: the alert ends with it.",
  },
  {
    name: "NodeNotReady",
    expr: 'kube_node_status_condition{job="kube-state-metrics", condition="Ready", status="true"} == 0 and on (node) kube_node_spec_unschedulable{job="kube-state-metrics"} == 0',
    for: "10m",
    severity: "critical",
    summary: "Node {{ $labels.node }} has not been ready for 10 minutes.",
    action: "See its conditions and the cloud's console. Its pods are moved after five minutes; volumes may keep them.",
  },
  {
    name: "NodeUnderPressure",
    expr: 'kube_node_status_condition{job="kube-state-metrics", condition=~"(Disk|Memory|PID)Pressure", status="true"} == 1',
    for: "10m",
    severity: "warning",
    summary: "Node {{ $labels.node }} reports {{ $labels.condition }}: it takes no pods and may evict some.",
    action: "See what fills it. A pod that uses more than it asked for is evicted first.",
  },
  {
    name: "VolumeFillingUp",
    expr: [
      'kubelet_volume_stats_available_bytes{job="kubelet"} / kubelet_volume_stats_capacity_bytes{job="kubelet"} < 0.15',
      'and kubelet_volume_stats_used_bytes{job="kubelet"} > 0',
      'and predict_linear(kubelet_volume_stats_available_bytes{job="kubelet"}[6h], 4 * 24 * 3600) < 0',
    ].join(" "),
    for: "1h",
    severity: "warning",
    summary: "Volume {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} is full within four days.",
    action: "Raise what the claim asks for, if its class can grow, or keep less.",
  },
  {
    name: "VolumeFull",
    expr: 'kubelet_volume_stats_available_bytes{job="kubelet"} / kubelet_volume_stats_capacity_bytes{job="kubelet"} < 0.03 and kubelet_volume_stats_used_bytes{job="kubelet"} > 0',
    for: "1m",
    severity: "critical",
    summary:
      "Volume {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} has {{ $value | humanizePercentage }} left.",
    action: "Raise what the claim asks for, if its class can grow, or free space now.",
  },
  {
    name: "VolumeNotBound",
    expr: 'kube_persistentvolume_status_phase{job="kube-state-metrics", phase=~"Failed|Pending"} > 0',
    for: "15m",
    severity: "warning",
    summary: "PersistentVolume {{ $labels.persistentvolume }} is {{ $labels.phase }}.",
    action: "kubectl describe pv names the driver's reason.",
  },
  {
    name: "KubeletAbsent",
    expr: 'absent(up{job="kubelet", metrics_path="/metrics"} == 1)',
    for: "15m",
    severity: "critical",
    summary: "No kubelet gives metrics.",
    action: "See whether Prometheus may reach port 10250 of the nodes, and whether their certificates can be verified.",
  },
  {
    name: "ApiServerErrors",
    expr: 'sum(rate(apiserver_request_total{job="apiserver", code=~"5.."}[5m])) / sum(rate(apiserver_request_total{job="apiserver"}[5m])) > 0.03',
    for: "10m",
    severity: "critical",
    summary: "kube-apiserver fails {{ $value | humanizePercentage }} of its requests.",
    action: "See etcd and the webhooks that fail closed first.",
  },
  {
    name: "AggregatedApiDown",
    expr: 'max by (name) (avg_over_time(aggregator_unavailable_apiservice{job="apiserver"}[10m])) > 0.15',
    for: "10m",
    severity: "warning",
    summary: "The aggregated API {{ $labels.name }} does not answer.",
    action: "See the pods behind its Service. While it is away no namespace can be deleted.",
  },
];
