/** The controller: turns experiments into orders to daemons, and ends them. One leads, the others answer webhooks and take over. */

import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { PodsPeer } from "../flow";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { DAEMON_CLIENT_SECRET, WEBHOOK_SECRET } from "./certificates";
import { GRPC as DAEMON_GRPC, pods as daemonPods } from "./daemon";
import { CLOSED_FAULT_KINDS, FAULT_KINDS } from "./definitions";
import { GRPC as DNS_GRPC, pods as dnsServerPods } from "./dns-server";
import { DNS_SERVICE, WEBHOOK_SERVICE } from "./names";
import { WEBHOOK_NAMES } from "./webhooks";

export interface ControllerManagerArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Image that does nothing, which failing pods run instead of their own; likewise. */
  readonly pauseImage: string;
  /** Pods. */
  readonly replicas: number;
  /** What one pod may use. */
  readonly size: Size;
  /** Whom status checks ask whether an experiment goes on. */
  readonly checks: { readonly pods: PodsPeer; readonly port: number } | undefined;
}

/** Above 1024, so that no capability is needed; upstream's chart has 10250, which is also the kubelet's. */
const WEBHOOKS = { name: "webhook", port: 9443 };
const METRICS = { name: "http", port: 10_080 };

const CERTIFICATES = "/etc/webhook/certs";
const DAEMON_CERTIFICATES = "/etc/chaos-daemon/cert";

/**
 * Which controllers run. All faults' `records`, for the program stops to look at the first one that is not named;
 * everything else of the kinds on offer only. Not `remotecluster`, which would read kubeconfigs and install Chaos Mesh
 * in other clusters.
 */
export function enabledControllers(): string[] {
  const offered = FAULT_KINDS.map(({ kind }) => kind.toLowerCase());
  const all = [...offered, ...CLOSED_FAULT_KINDS.map((kind) => kind.toLowerCase())].sort();
  const steps = ["initFinalizers", "desiredphase", "condition", "cleanFinalizers"];
  return [
    ...all.map((fault) => `${fault}-records`),
    ...offered.flatMap((fault) => steps.map((step) => `${fault}-${step}`)),
    ...["podiochaos", "podnetworkchaos", "statuscheck", "workflow"],
    ...["schedule-active", "schedule-cron", "schedule-gc", "schedule-pause"],
  ];
}

export function controllerManager(args: ControllerManagerArgs): Workload {
  const { checks, image, pauseImage, replicas, size } = args;
  return workload({
    namespace: CHAOS_MESH_NAMESPACE,
    name: "chaos-mesh",
    component: "controller-manager",
    objectName: WEBHOOK_SERVICE,
    image,
    replicas,
    size,
    command: ["/usr/local/bin/chaos-controller-manager"],
    env: [
      { name: "NAMESPACE", fieldPath: "metadata.namespace" },
      { name: "TZ", value: "UTC" },
      { name: "CLUSTER_SCOPED", value: "true" },
      { name: "TARGET_NAMESPACE", value: "" },
      { name: "ENABLE_FILTER_NAMESPACE", value: "true" },
      { name: "ALLOW_HOST_NETWORK_TESTING", value: "false" },
      { name: "SECURITY_MODE", value: "true" },
      { name: "CHAOSD_SECURITY_MODE", value: "true" },
      { name: "ENABLED_CONTROLLERS", value: enabledControllers().join(",") },
      { name: "ENABLED_WEBHOOKS", value: WEBHOOK_NAMES.join(",") },
      { name: "WEBHOOK_PORT", value: String(WEBHOOKS.port) },
      { name: "CERTS_DIR", value: CERTIFICATES },
      { name: "METRICS_PORT", value: String(METRICS.port) },
      { name: "PPROF_ADDR", value: "0" },
      { name: "CHAOS_DAEMON_SERVICE_PORT", value: String(DAEMON_GRPC.port) },
      { name: "CHAOS_MESH_CA_CERT", value: `${DAEMON_CERTIFICATES}/ca.crt` },
      { name: "CHAOS_DAEMON_CLIENT_CERT", value: `${DAEMON_CERTIFICATES}/tls.crt` },
      { name: "CHAOS_DAEMON_CLIENT_KEY", value: `${DAEMON_CERTIFICATES}/tls.key` },
      { name: "CHAOS_DNS_SERVICE_NAME", value: DNS_SERVICE },
      { name: "CHAOS_DNS_SERVICE_PORT", value: String(DNS_GRPC.port) },
      { name: "POD_FAILURE_PAUSE_IMAGE", value: pauseImage },
      { name: "ENABLE_LEADER_ELECTION", value: "true" },
      { name: "LEADER_ELECT_LEASE_DURATION", value: "15s" },
      { name: "LEADER_ELECT_RENEW_DEADLINE", value: "10s" },
      { name: "LEADER_ELECT_RETRY_PERIOD", value: "2s" },
    ],
    ports: [{ ...WEBHOOKS, servicePort: 443, appProtocol: "https" }, METRICS],
    // both ports are opened together; asked on the other one, the webhooks would log a broken handshake each time
    readiness: { how: { tcp: METRICS.name } },
    liveness: { how: { tcp: METRICS.name }, initialDelaySeconds: 15 },
    mounts: [
      { volume: "webhook-certificates", path: CERTIFICATES },
      { volume: "daemon-certificates", path: DAEMON_CERTIFICATES },
    ],
    volumes: {
      "webhook-certificates": { secret: WEBHOOK_SECRET },
      "daemon-certificates": { secret: DAEMON_CLIENT_SECRET },
    },
    receives: [{ from: "control-plane", ports: [WEBHOOKS.name], why: "the API server asks its webhooks" }],
    reaches: [
      {
        to: daemonPods,
        ports: [{ port: DAEMON_GRPC.port, protocol: "TCP" as const }],
        why: "it tells the daemon of a node what to do to its pods",
      },
      {
        to: dnsServerPods,
        ports: [{ port: DNS_GRPC.port, protocol: "TCP" as const }],
        why: "it tells the name server which names to answer wrongly",
      },
      ...(checks
        ? [
            {
              to: checks.pods,
              ports: [{ port: checks.port, protocol: "TCP" as const }],
              why: "status checks ask whether an experiment goes on",
            },
          ]
        : []),
    ],
    scrape: { port: METRICS.name },
    podDepartures: { apiToken: "it watches experiments and pods, and elects a leader" },
  });
}
