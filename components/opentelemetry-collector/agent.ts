/**
 * The agent of each node: takes what its pods send and reads what they print, writes on it which pod that was and whose,
 * and sends it on.
 *
 *     pods ──OTLP──▶ agent ──OTLP, mutual TLS──▶ gateway
 *     /var/log/pods ──▶┘ └── watches pods of its node, namespaces
 */
import type { PodsPeer } from "../flow";
import type { KubeObject } from "../kube-object";
import { objectLabels, TENANT_LABEL } from "../labels";
import { TENANT_ATTRIBUTE } from "../tenant";
import type { Workload } from "../workload";
import { type CollectorSettings, type CollectorSize, collector, OTLP_GRPC } from "./collector";
import {
  type Configuration,
  listensOn,
  MUTUAL_TLS,
  OTLP_GRPC_PORT,
  OTLP_HTTP_PORT,
  SIGNALS,
  sendingQueue,
} from "./configuration";
import { queueMiB } from "./tenant-pipelines";

export const AGENT = "opentelemetry-agent";

export interface AgentArgs extends CollectorSettings {
  /** Existing namespace to run in, whose Pod Security lets pods mount folders of the node. */
  readonly namespace: string;
  /** Where it sends to, `host:port`. */
  readonly gatewayEndpoint: string;
  /** Whom it sends to. */
  readonly gateways: PodsPeer;
  /** Namespaces whose pods may send to it. */
  readonly senders: readonly string[];
  /** What one pod may use. */
  readonly size: CollectorSize;
}

const LOGS_FOLDER = "/var/log/pods";
const POSITIONS_FOLDER = "/var/lib/otelcol";

/** The agent, its rights, and a Service that leads to the agent of one's own node. */
export function agent(args: AgentArgs): Workload {
  const { gateways, image, issuer, namespace, senders, size } = args;
  const made = collector(
    {
      namespace,
      component: "agent",
      kind: "DaemonSet",
      objectName: AGENT,
      configuration: configuration(args),
      size,
      env: [{ name: "NODE_NAME", fieldPath: "spec.nodeName" }],
      ports: [
        { ...OTLP_GRPC, servicePort: OTLP_GRPC_PORT, appProtocol: "grpc" },
        { name: "otlp-http", port: OTLP_HTTP_PORT, servicePort: OTLP_HTTP_PORT, appProtocol: "http" },
      ],
      mounts: [
        { volume: "logs", path: LOGS_FOLDER, readOnly: true },
        { volume: "positions", path: POSITIONS_FOLDER },
      ],
      receives: senders.map((sender) => ({
        from: { namespace: sender, pods: "all" },
        ports: ["otlp-grpc", "otlp-http"],
        why: "pods send traces, metrics and logs to the agent of their node",
      })),
      reaches: [
        {
          to: gateways,
          ports: [{ port: OTLP_GRPC_PORT, protocol: "TCP" }],
          why: "agents send what pods of their node emit",
        },
      ],
      // whatever runs on a node is looked at, also on nodes that others keep off
      tolerations: [{ operator: "Exists" }],
      departures: { runsAsRoot: "container runtimes write logs that only root may read; it keeps no capability" },
      podDepartures: {
        apiToken: "it watches the pods of its node and the namespaces, to say whose telemetry it is",
        hostPaths: {
          logs: {
            path: LOGS_FOLDER,
            reason: "what pods print is written there by the container runtime; it is only read",
          },
          positions: {
            path: "/var/lib/opentelemetry-agent",
            reason: "how far each log was read must outlive the pod, or logs would be lost or sent twice",
          },
        },
      },
    },
    { image, issuer },
  );
  return { ...made, objects: [...made.objects.map(ofOwnNode), ...rights(namespace, made.serviceAccountName)] };
}

/** Telemetry leaves a node only once it says where it came from. */
function ofOwnNode(object: KubeObject): KubeObject {
  if (object.kind !== "Service") return object;
  return { ...object, spec: { ...(object.spec as object), internalTrafficPolicy: "Local" } };
}

/** Names of deployments are read off their replica sets' names, so neither is watched. */
function rights(namespace: string, serviceAccount: string): KubeObject[] {
  const apiGroup = "rbac.authorization.k8s.io";
  const metadata = { name: AGENT, labels: objectLabels("opentelemetry-collector", "agent") };
  return [
    {
      apiVersion: `${apiGroup}/v1`,
      kind: "ClusterRole",
      metadata,
      rules: [{ apiGroups: [""], resources: ["namespaces", "pods"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup, kind: "ClusterRole", name: AGENT },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
    },
  ];
}

function configuration({ gatewayEndpoint, size }: AgentArgs): Configuration {
  const sent = { receivers: ["otlp"], processors: ["resource/unproven", "k8s_attributes"], exporters: ["otlp_grpc"] };
  return {
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: listensOn(OTLP_GRPC_PORT) },
          http: { endpoint: listensOn(OTLP_HTTP_PORT) },
        },
      },
      file_log: {
        include: [`${LOGS_FOLDER}/*/*/*.log`],
        // its own lines tell of what it sends, and would never end
        exclude: [`${LOGS_FOLDER}/opentelemetry-agent_*/*/*.log`],
        // whatever was printed while no agent ran is read, too
        start_at: "beginning",
        include_file_path: true,
        include_file_name: false,
        storage: "file_storage",
        // files wait: reading stops until the gateway takes what was read
        retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
        operators: [{ type: "container" }],
      },
    },
    processors: {
      // whose telemetry it is, and which pod's, is found out here and never believed
      "resource/unproven": {
        attributes: [
          {
            pattern: `^(${TENANT_ATTRIBUTE}|k8s\\.(namespace|node|pod|replicaset|deployment|statefulset|daemonset|cronjob|job)\\..*)$`,
            action: "delete",
          },
        ],
      },
      k8s_attributes: {
        auth_type: "serviceAccount",
        filter: { node_from_env_var: "NODE_NAME" },
        // without it the first telemetry after a start would belong to nobody
        wait_for_metadata: true,
        wait_for_metadata_timeout: "30s",
        extract: {
          metadata: [
            "k8s.namespace.name",
            "k8s.pod.name",
            "k8s.pod.uid",
            "k8s.node.name",
            "k8s.deployment.name",
            "k8s.statefulset.name",
            "k8s.daemonset.name",
            "k8s.cronjob.name",
            "k8s.job.name",
          ],
          deployment_name_from_replicaset: true,
          labels: [{ tag_name: TENANT_ATTRIBUTE, key: TENANT_LABEL, from: "namespace" }],
        },
        pod_association: [
          // the address that telemetry came from
          { sources: [{ from: "connection" }] },
          // the path of a log file, which the kubelet chose
          { sources: [{ from: "resource_attribute", name: "k8s.pod.uid" }] },
        ],
      },
    },
    exporters: {
      otlp_grpc: {
        endpoint: gatewayEndpoint,
        tls: MUTUAL_TLS,
        sending_queue: sendingQueue(queueMiB(size.memoryMiB, SIGNALS.length)),
        // never given up: once the queue is full senders are told, and log files wait
        retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
      },
    },
    extensions: { file_storage: { directory: POSITIONS_FOLDER, create_directory: true } },
    pipelines: {
      ...Object.fromEntries(SIGNALS.map((signal) => [signal, sent])),
      "logs/files": { receivers: ["file_log"], processors: ["k8s_attributes"], exporters: ["otlp_grpc"] },
    },
  };
}
