/**
 * istiod: tells every proxy of the cluster what it needs to know, signs its certificate, and injects it into pods.
 */
import type { Flow } from "../flow";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { MESH_CA_SECRET } from "./certificate";
import { ISTIO_NAMESPACE, REVISION_LABEL, revisioned } from "./names";

/** Fewest and most pods of a program, and when it needs more. */
export interface Replicas {
  /** Fewest pods, 2–20. */
  readonly min: number;
  /** Most pods, from `min` to 20. */
  readonly max: number;
}

export interface ControlPlaneArgs {
  /** Name of the cluster in the mesh: that of its remote secret, too. */
  readonly cluster: string;
  /** Name of this control plane. */
  readonly revision: string;
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** How many pods. */
  readonly replicas: Replicas;
  /** What one pod may use. */
  readonly size: Size;
}

/** Ports in the pod: upstream's own. */
const READY = { name: "http-debug", port: 8080 };
const XDS = { name: "tls-xds", port: 15_012, servicePort: 15_012 };
const WEBHOOKS = { name: "https-webhooks", port: 15_017, servicePort: 443 };
const METRICS = { name: "http-monitoring", port: 15_014 };

/** Port on which proxies ask istiod, in its pod and on its Service. */
export const XDS_PORT = XDS.port;

/** Switches of features that the platform does not offer, so that istiod needs no rights for them. */
const FEATURES_OFF = [
  // Gateway API: gateways here are the platform's own Deployments
  "PILOT_ENABLE_GATEWAY_API",
  "PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER",
  "PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API",
  // machines outside of Kubernetes
  "PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION",
  "PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS",
  // addresses of its own for services outside: only DNS capture needs them, which is off
  "PILOT_ENABLE_IP_AUTOALLOCATE",
  // writes findings into every Istio object
  "PILOT_ENABLE_ANALYSIS",
];

/** istiod as a workload. */
export function controlPlane({ cluster, image, replicas, revision, size }: ControlPlaneArgs): Workload {
  return workload({
    namespace: ISTIO_NAMESPACE,
    name: revisioned("istiod", revision),
    component: "discovery",
    objectName: revisioned("istiod", revision),
    image,
    replicas: replicas.min,
    // 80 %: upstream's own
    autoscaling: { maxReplicas: replicas.max, cpuPercent: 80 },
    size,
    // 1337: the user of Istio's images
    userId: 1337,
    priorityClassName: "platform-critical",
    args: [
      "discovery",
      `--monitoringAddr=:${METRICS.port}`,
      "--log_output_level=default:info",
      "--domain=cluster.local",
      // proxies come back to another replica now and then, so that new ones get their share; upstream's own
      "--keepaliveMaxServerConnectionAge=30m",
      // who may talk to istiod proves who they are: plain text is for the pod itself
      "--grpcAddr=localhost:15010",
      // no /debug/pprof, on any port
      "--profile=false",
    ],
    env: [
      { name: "REVISION", value: revision },
      { name: "PILOT_CERT_PROVIDER", value: "istiod" },
      { name: "CLUSTER_ID", value: cluster },
      { name: "POD_NAME", fieldPath: "metadata.name" },
      { name: "POD_NAMESPACE", fieldPath: "metadata.namespace" },
      { name: "SERVICE_ACCOUNT", fieldPath: "spec.serviceAccountName" },
      { name: "GOMEMLIMIT", resource: "limits.memory" },
      // a proxy is a sidecar that Kubernetes starts before the program and ends after it
      { name: "ENABLE_NATIVE_SIDECARS", value: "true" },
      ...FEATURES_OFF.map((name) => ({ name, value: "false" })),
    ],
    ports: [READY, XDS, WEBHOOKS, METRICS],
    // times as upstream
    readiness: {
      how: { httpGet: "/ready", port: READY.name },
      initialDelaySeconds: 1,
      periodSeconds: 3,
      timeoutSeconds: 5,
    },
    volumes: {
      // both required: an istiod that starts before they exist takes the default trust domain for its CA, and never injects
      mesh: { configMap: revisioned("istio", revision) },
      injection: { configMap: revisioned("istio-sidecar-injector", revision) },
      // the intermediate of this cluster: without it istiod must not start, or it would make a root of its own
      cacerts: { secret: MESH_CA_SECRET },
      "istio-token": { tokenFor: "istio-ca", path: "istio-token", expirationSeconds: 43_200 },
      "local-certs": { scratchMiB: 4, medium: "memory" },
      tmp: { scratchMiB: 64 },
    },
    // istiod watches these files
    mounts: [
      { volume: "mesh", path: "/etc/istio/config" },
      { volume: "injection", path: "/var/lib/istio/inject" },
      { volume: "cacerts", path: "/etc/cacerts" },
      { volume: "istio-token", path: "/var/run/secrets/tokens" },
      { volume: "local-certs", path: "/var/run/secrets/istio-dns" },
      { volume: "tmp", path: "/tmp" },
    ],
    // istioctl finds istiod by the first
    podLabels: {
      app: "istiod",
      [REVISION_LABEL]: revision,
      "sidecar.istio.io/inject": "false",
      "istio.io/dataplane-mode": "none",
    },
    scrape: { port: METRICS.name },
    receives: [
      {
        from: "control-plane",
        ports: [WEBHOOKS.name],
        why: "kube-apiserver has pods injected and Istio's objects checked",
      },
    ],
    podDepartures: { apiToken: "it watches services and Istio's objects, and hands the mesh's root to each namespace" },
  });
}

/** The flow of proxies to istiod. */
export function toControlPlane(from: Flow["from"], istiod: Workload, why: string): Flow {
  return { from, to: istiod.pods, ports: [{ port: XDS_PORT, protocol: "TCP" }], why };
}
