/**
 * The proxy of the mesh, Envoy with its agent: what gateways run, and what is injected into pods.
 */
import type { Variable } from "../workload/container";
import type { Mount, Volume } from "../workload/volumes";
import { XDS_PORT } from "./control-plane";
import { ISTIO_NAMESPACE, revisioned } from "./names";

/** Name of the proxy's container: injection, and whoever looks for logs, knows it by this one. */
export const PROXY_CONTAINER = "istio-proxy";

/** The user of Istio's images; traffic of this user is not led back into the proxy. */
export const PROXY_USER = 1337;

/** Metrics of Envoy alone. */
export const ENVOY_METRICS = { name: "http-envoy-prom", port: 15_090 };

/** Metrics of Envoy, of its agent and of the program, on the agent's port. */
export const MERGED_METRICS = { name: "http-metrics", port: 15_020 };

/** Where the proxy says that it is ready. */
export const PROXY_READY = { name: "status-port", port: 15_021 };

/** Where a proxy is. */
export interface Place {
  /** Name of its control plane. */
  readonly revision: string;
  /** Name of the cluster in the mesh. */
  readonly cluster: string;
  /** Network of its pods. */
  readonly network: string;
  /** Name of the mesh. */
  readonly meshId: string;
  /** First part of its identity. */
  readonly trustDomain: string;
}

/** Arguments of the agent; `--profiling=false`: no /debug/pprof on its port. */
export const proxyArguments = (role: "sidecar" | "router"): string[] => [
  "proxy",
  role,
  "--domain=$(POD_NAMESPACE).svc.cluster.local",
  // warning and error: upstream's own
  "--proxyLogLevel=warning",
  "--proxyComponentLogLevel=misc:error",
  "--log_output_level=default:info",
  "--profiling=false",
];

/**
 * Variables of the agent.
 *
 * @param config the proxy's configuration as JSON
 */
export function proxyVariables(
  { cluster, meshId, network, revision, trustDomain }: Place,
  { config, interception }: { config: string; interception: "REDIRECT" | "NONE" },
): Variable[] {
  return [
    { name: "PILOT_CERT_PROVIDER", value: "istiod" },
    { name: "CA_ADDR", value: `${revisioned("istiod", revision)}.${ISTIO_NAMESPACE}.svc:${XDS_PORT}` },
    { name: "POD_NAME", fieldPath: "metadata.name" },
    { name: "POD_NAMESPACE", fieldPath: "metadata.namespace" },
    { name: "INSTANCE_IP", fieldPath: "status.podIP" },
    { name: "SERVICE_ACCOUNT", fieldPath: "spec.serviceAccountName" },
    { name: "HOST_IP", fieldPath: "status.hostIP" },
    { name: "PROXY_CONFIG", value: config },
    { name: "GOMEMLIMIT", resource: "limits.memory" },
    { name: "ISTIO_META_CLUSTER_ID", value: cluster },
    { name: "ISTIO_META_NETWORK", value: network },
    { name: "ISTIO_META_NODE_NAME", fieldPath: "spec.nodeName" },
    { name: "ISTIO_META_INTERCEPTION_MODE", value: interception },
    { name: "ISTIO_META_MESH_ID", value: meshId },
    { name: "TRUST_DOMAIN", value: trustDomain },
  ];
}

/** Volumes of the proxy: its token, the mesh's root, and room for what it makes. */
export const PROXY_VOLUMES: Readonly<Record<string, Volume>> = {
  "workload-socket": { scratchMiB: 1 },
  "credential-socket": { scratchMiB: 1 },
  "workload-certs": { scratchMiB: 1 },
  "istio-envoy": { scratchMiB: 16, medium: "memory" },
  "istio-data": { scratchMiB: 64 },
  "istio-podinfo": { podInfo: ["labels", "annotations"] },
  "istio-token": { tokenFor: "istio-ca", path: "istio-token", expirationSeconds: 43_200 },
  // istiod writes it into each namespace
  "istiod-ca-cert": { configMap: "istio-ca-root-cert" },
};

/** Where the agent looks for them. */
export const PROXY_MOUNTS: readonly Mount[] = [
  { volume: "workload-socket", path: "/var/run/secrets/workload-spiffe-uds" },
  { volume: "credential-socket", path: "/var/run/secrets/credential-uds" },
  { volume: "workload-certs", path: "/var/run/secrets/workload-spiffe-credentials" },
  { volume: "istiod-ca-cert", path: "/var/run/secrets/istio" },
  { volume: "istio-data", path: "/var/lib/istio/data" },
  { volume: "istio-envoy", path: "/etc/istio/proxy" },
  { volume: "istio-token", path: "/var/run/secrets/tokens" },
  { volume: "istio-podinfo", path: "/etc/istio/pod" },
];
