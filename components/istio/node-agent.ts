/**
 * The node agent (Istio CNI): leads the traffic of injected pods through their proxy when the node makes their network.
 *
 * Without it every injected pod would need a container of user 0 with NET_ADMIN, which the restricted Pod Security
 * Standard of tenants' namespaces forbids. With it, one DaemonSet of the platform has these rights, and no pod of a tenant.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/cni/
 */
import type { KubeObject } from "../kube-object";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { VALIDATION_CONTAINER } from "./injection";
import { istioObject, NODE_AGENT_NAMESPACE } from "./names";

export interface NodeAgentArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Version of Istio, which its plug-in tells the agent. */
  readonly version: string;
  /** What one pod may use. */
  readonly size: Size;
  /** Folder of the node in which network plug-ins are, absolute. */
  readonly pluginFolder: string;
}

/** No pod of the mesh can start on a node without the agent. */
const PRIORITY = "system-node-critical";

const READY = { name: "http-ready", port: 8000 };
const METRICS = { name: "http-metrics", port: 15_014 };

/** Most agents: upstream's own, 5000, the largest cluster that Kubernetes is made for. */
const MOST_NODES = "5k";

/** Some clouds let a pod be critical to its node only where a quota of its namespace says how many. */
export function nodeAgentQuota(): KubeObject {
  const inClass = { scopeName: "PriorityClass", operator: "In", values: [PRIORITY] };
  return istioObject(
    "v1",
    "ResourceQuota",
    { name: "istio-cni-resource-quota", namespace: NODE_AGENT_NAMESPACE, part: "node-agent" },
    { spec: { hard: { pods: MOST_NODES }, scopeSelector: { matchExpressions: [inClass] } } },
  );
}

/** The agent as a workload. */
export function nodeAgent({ image, pluginFolder, size, version }: NodeAgentArgs): Workload {
  return workload({
    namespace: NODE_AGENT_NAMESPACE,
    name: "istio-cni",
    component: "install-cni",
    kind: "DaemonSet",
    // the plug-in looks for the agent by this name
    objectName: "istio-cni-node",
    image,
    size,
    command: ["install-cni"],
    args: ["--log_output_level=default:info"],
    priorityClassName: PRIORITY,
    tolerations: [
      { effect: "NoSchedule", operator: "Exists" },
      { effect: "NoExecute", operator: "Exists" },
      { key: "CriticalAddonsOnly", operator: "Exists" },
    ],
    env: [
      { name: "CURRENT_AGENT_VERSION", value: version },
      { name: "AMBIENT_ENABLED", value: "false" },
      { name: "CHAINED_CNI_PLUGIN", value: "true" },
      { name: "ISTIO_OWNED_CNI_CONFIG", value: "false" },
      { name: "NATIVE_NFTABLES", value: "false" },
      { name: "EXCLUDE_NAMESPACES", value: "kube-system" },
      // pods that started before the agent did are led through their proxy later, in their own network namespace
      { name: "REPAIR_ENABLED", value: "true" },
      { name: "REPAIR_REPAIR_PODS", value: "true" },
      { name: "REPAIR_LABEL_PODS", value: "false" },
      { name: "REPAIR_DELETE_PODS", value: "false" },
      { name: "REPAIR_RUN_AS_DAEMON", value: "true" },
      { name: "REPAIR_INIT_CONTAINER_NAME", value: VALIDATION_CONTAINER },
      { name: "REPAIR_SIDECAR_ANNOTATION", value: "sidecar.istio.io/status" },
      { name: "REPAIR_BROKEN_POD_LABEL_KEY", value: "cni.istio.io/uninitialized" },
      { name: "REPAIR_BROKEN_POD_LABEL_VALUE", value: "true" },
      { name: "ALLOW_SWITCH_TO_HOST_NS", value: "true" },
      { name: "REPAIR_NODE_NAME", fieldPath: "spec.nodeName" },
      { name: "NODE_NAME", fieldPath: "spec.nodeName" },
      { name: "POD_NAME", fieldPath: "metadata.name" },
      { name: "POD_NAMESPACE", fieldPath: "metadata.namespace" },
      { name: "GOMEMLIMIT", resource: "limits.memory" },
    ],
    ports: [METRICS, READY],
    readiness: { how: { httpGet: "/readyz", port: READY.name } },
    mounts: [
      { volume: "cni-bin-dir", path: "/host/opt/cni/bin" },
      { volume: "cni-net-dir", path: "/host/etc/cni/net.d" },
      { volume: "cni-host-procfs", path: "/host/proc", readOnly: true },
      { volume: "cni-socket-dir", path: "/var/run/istio-cni" },
    ],
    scrape: { port: METRICS.name },
    departures: {
      runsAsRoot: "it writes into folders of the node that belong to root",
      writableRootFilesystem: "iptables takes its lock in the container's own /run",
      addedCapabilities: {
        capabilities: ["NET_ADMIN", "NET_RAW", "SYS_PTRACE", "SYS_ADMIN", "DAC_OVERRIDE"],
        reason: "it enters the network namespaces of pods and sets the rules that lead their traffic",
      },
      unconfinedAppArmor: "the usual profile forbids it to enter the network namespaces of pods",
    },
    podDepartures: {
      apiToken: "it watches the pods of its node and says in events what it mended",
      hostPaths: {
        "cni-bin-dir": { path: pluginFolder, reason: "it installs its plug-in where the node looks for plug-ins" },
        "cni-net-dir": { path: "/etc/cni/net.d", reason: "it adds its plug-in to the node's network configuration" },
        "cni-host-procfs": { path: "/proc", reason: "it finds the network namespaces of the node's pods" },
        "cni-socket-dir": { path: "/var/run/istio-cni", reason: "its plug-in sends it what it logs" },
      },
    },
  });
}
