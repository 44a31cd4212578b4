/**
 * Metrics that no pod of the platform serves: kubelets, the containers they run, and kube-apiserver. Each is asked with
 * the token of Prometheus' ServiceAccount, which monitors cannot name, hence as plain Prometheus configuration.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config
 */
import { stringify } from "yaml";

/**
 * How a kubelet's certificate is judged: `verified` against the cluster's CA, or `unverified` where kubelets sign their
 * own (kubeadm without `serverTLSBootstrap`).
 */
export type KubeletCertificates = "verified" | "unverified";

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const AUTHORIZATION = { type: "Bearer", credentials_file: `${ACCOUNT}/token` };
const VERIFIED = { ca_file: `${ACCOUNT}/ca.crt` };

/** Series of a container that nobody looks at, by the thousand. */
const UNUSED_CONTAINER_SERIES =
  "container_(blkio_device_usage_total|file_descriptors|last_seen|memory_failures_total|memory_mapped_file|sockets|tasks_state|threads|threads_max|ulimits_soft)";

/** The `scrape_configs` of what belongs to the cluster itself, as YAML. */
export function clusterScrapes(kubelets: KubeletCertificates): string {
  const tls_config = kubelets === "verified" ? VERIFIED : { insecure_skip_verify: true };
  const kubelet = { ...ofNodes("/metrics"), tls_config };
  return stringify(
    [
      { job_name: "kubelet", ...kubelet },
      {
        job_name: "kubelet-cadvisor",
        ...kubelet,
        ...ofNodes("/metrics/cadvisor"),
        // the container's own time of a sample may lie behind what was stored
        honor_timestamps: false,
        metric_relabel_configs: [
          { source_labels: ["__name__"], regex: UNUSED_CONTAINER_SERIES, action: "drop" },
          // the sum over a pod's containers, without a name, would be counted twice
          {
            source_labels: ["__name__", "container"],
            regex: "container_(cpu|memory)_.*;",
            action: "drop",
          },
        ],
      },
      apiServer(),
    ],
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

function ofNodes(path: string): object {
  return {
    scheme: "https",
    metrics_path: path,
    authorization: AUTHORIZATION,
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [
      { target_label: "job", replacement: "kubelet" },
      { target_label: "metrics_path", replacement: path },
      { source_labels: ["__meta_kubernetes_node_name"], target_label: "node" },
    ],
  };
}

/** Every kube-apiserver by its own address; the certificate is that of the Service `kubernetes`. */
function apiServer(): object {
  return {
    job_name: "apiserver",
    scheme: "https",
    authorization: AUTHORIZATION,
    tls_config: { ...VERIFIED, server_name: "kubernetes.default.svc" },
    kubernetes_sd_configs: [{ role: "endpointslice", namespaces: { names: ["default"] } }],
    relabel_configs: [
      {
        source_labels: ["__meta_kubernetes_service_name", "__meta_kubernetes_endpointslice_port_name"],
        regex: "kubernetes;https",
        action: "keep",
      },
    ],
    metric_relabel_configs: [
      // a bucket for each of 40 durations of each verb and resource; five are enough for a quantile
      {
        source_labels: ["__name__", "le"],
        regex:
          "apiserver_request(_sli)?_duration_seconds_bucket;(0\\.15|0\\.3|0\\.35|0\\.45|0\\.6|0\\.7|0\\.8|0\\.9|1\\.25|1\\.5|1\\.75|2|2\\.5|3|3\\.5|4|4\\.5|6|7|8|9|15|20|45)(\\.0)?",
        action: "drop",
      },
      {
        source_labels: ["__name__"],
        regex: "(etcd_request|apiserver_(watch_events_sizes|response_sizes))_.*bucket",
        action: "drop",
      },
    ],
  };
}
