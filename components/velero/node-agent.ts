/**
 * The node agent: makes the movers of its node, which copy volumes from snapshots. Upstream's runs as user 0 and mounts the
 * volumes of all pods; that is only for backups that read a pod's files in place, which are not offered here.
 */
import type { KubeObject } from "../kube-object";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { NODE_AGENT_CONFIGURATION, REPOSITORY_CONFIGURATION } from "./configuration";
import { METRICS } from "./server";

export interface NodeAgentArgs {
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Request and limit. */
  readonly size: Size;
  /** Objects whose change restarts it. */
  readonly restartsOn: readonly KubeObject[];
  /** Annotations of its ServiceAccount. @default none */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** Name of the DaemonSet and label of its pods: the server looks for both. */
const NODE_AGENT = "node-agent";

export function nodeAgent({ image, namespace, restartsOn, serviceAccountAnnotations, size }: NodeAgentArgs): Workload {
  return workload({
    namespace,
    name: "velero",
    component: NODE_AGENT,
    objectName: NODE_AGENT,
    kind: "DaemonSet",
    image,
    size,
    command: ["/velero"],
    args: [
      "node-agent",
      "server",
      "--features=EnableCSI",
      `--node-agent-configmap=${NODE_AGENT_CONFIGURATION}`,
      `--backup-repository-configmap=${REPOSITORY_CONFIGURATION}`,
      "--log-format=json",
    ],
    env: [
      { name: "NODE_NAME", fieldPath: "spec.nodeName" },
      { name: "VELERO_NAMESPACE", fieldPath: "metadata.namespace" },
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      { name: "TMPDIR", value: "/scratch" },
      { name: "HOME", value: "/scratch" },
    ],
    ports: [METRICS],
    liveness: {
      how: { httpGet: "/metrics", port: METRICS.name },
      initialDelaySeconds: 10,
      periodSeconds: 30,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    volumes: { scratch: { scratchMiB: 1024 } },
    mounts: [{ volume: "scratch", path: "/scratch" }],
    podLabels: { role: NODE_AGENT, name: NODE_AGENT },
    restartsOn,
    ...(serviceAccountAnnotations ? { serviceAccountAnnotations } : {}),
    scrape: { port: METRICS.name },
    podDepartures: { apiToken: "it makes movers and reports how far they are" },
  });
}
