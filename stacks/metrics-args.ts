/**
 * From an environment to what measures one of its clusters: Prometheus and the programs that it asks about objects, nodes
 * and pods.
 */
import type { ClusterPlatformArgs } from "../components/cluster-parts";
import { ANYWHERE } from "../components/flow";
import { readImageLock } from "../components/images";
import type { PrometheusArgs } from "../components/prometheus";
import type { RemoteWrite } from "../components/prometheus/server";
import { RECEIVE_HOST, RECEIVE_PODS, REMOTE_WRITE_PORT, remoteWriteUrl } from "../components/thanos/names";
import { alertReceiver } from "./alertmanager-args";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";
import { platformIssuer } from "./sandbox-controllers";

type Measuring = Pick<ClusterPlatformArgs, "prometheus" | "kubeStateMetrics" | "nodeExporter" | "metricsServer">;

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined for each program that is somebody else's, or off
 */
export function metricsArgs(environment: Environment, name: string, image: (of: string) => string): Measuring {
  const { components, sandbox } = environment;
  const { kubeStateMetrics, metricsServer, nodeExporter, prometheus } = components;
  const issuer = platformIssuer(environment);
  return {
    kubeStateMetrics:
      kubeStateMetrics.management === "managed"
        ? {
            image: image("kube-state-metrics"),
            size: { cpuMillicores: 100, memoryMiB: kubeStateMetrics.memoryMiB },
          }
        : undefined,
    nodeExporter: nodeExporter.management === "managed" ? { image: image("node-exporter") } : undefined,
    metricsServer:
      metricsServer.management === "managed"
        ? {
            image: image("metrics-server"),
            issuer,
            replicas: metricsServer.replicas,
            kubeletCertificates: metricsServer.kubeletCertificates,
            // simulated nodes have no kubelets to ask
            withoutController: sandbox !== undefined,
          }
        : undefined,
    prometheus: prometheus.management === "managed" ? prometheusArgs(environment, name, image, issuer) : undefined,
  };
}

function prometheusArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
  issuer: PrometheusArgs["issuer"],
): PrometheusArgs {
  const { cpuMillicores, kubeletCertificates, memoryMiB, ...settings } = environment.components.prometheus;
  const { replicas, retentionDays, storageClassName, storageGiB } = settings;
  return {
    environment: environment.name,
    cluster: name,
    owner: environment.owner,
    images: {
      prometheus: image("prometheus"),
      operator: image("prometheus-operator"),
      reloader: image("prometheus-config-reloader"),
    },
    version: (readImageLock(environment.root).prometheus?.tag ?? "").replace(/^v/, ""),
    issuer,
    replicas,
    retentionDays,
    storageGiB,
    storageClassName,
    size: { cpuMillicores, memoryMiB },
    kubeletCertificates,
    alertReceiver: alertReceiver(environment, name),
    runbookBaseUrl: environment.alerts.runbookBaseUrl,
    remoteWrite: environment.components.thanos.management === "managed" ? toThanos(environment, name) : undefined,
  };
}

/** The hub reaches the receivers by their Service, spokes by the hub's load balancer. */
function toThanos(environment: Environment, name: string): RemoteWrite {
  const isHub = environment.clusters[name]?.role === "hub";
  const host = isHub ? RECEIVE_HOST : ingestHost(environment, "thanos");
  return {
    url: remoteWriteUrl(host),
    serverName: host,
    to: isHub ? RECEIVE_PODS : { cidrs: ANYWHERE, reason: "the hub's load balancer gets its address from the cloud" },
    ports: [{ port: REMOTE_WRITE_PORT, protocol: "TCP" }],
  };
}
