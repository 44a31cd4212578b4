/**
 * The gateway: what agents send meets here. Metrics and logs go on to their stores, tenant by tenant; all spans of a trace
 * go to the same sampler, whichever agent and gateway they come by.
 */
import type { PodsPeer } from "../flow";
import type { Workload } from "../workload";
import type { Backends } from "./backends";
import { type CollectorSettings, type CollectorSize, collector, OTLP_GRPC } from "./collector";
import { type Configuration, FROM_COLLECTORS, MUTUAL_TLS, OTLP_GRPC_PORT, SPELT, sendingQueue } from "./configuration";
import { SAMPLER } from "./sampler";
import { queueMiB, tenantPipelines } from "./tenant-pipelines";

export const GATEWAY = "opentelemetry-gateway";

export interface GatewayArgs extends CollectorSettings {
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** Name of the environment: written on all telemetry. */
  readonly environment: string;
  /** Name of the cluster: written on all telemetry. */
  readonly cluster: string;
  /** Names of the tenants whose telemetry is kept apart. */
  readonly tenants: readonly string[];
  /** Where telemetry is stored. */
  readonly backends: Backends;
  /** Fewest pods. */
  readonly replicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /** What one pod may use. */
  readonly size: CollectorSize;
  /** Who sends to it: the agents. */
  readonly agents: PodsPeer;
  /** Whom it sends traces to: the samplers. */
  readonly samplers: PodsPeer;
}

/** The gateway and its autoscaler: it keeps nothing, so a further pod is just one more. */
export function gateway(args: GatewayArgs): Workload {
  const { agents, backends, image, issuer, maxReplicas, namespace, replicas, samplers, size } = args;
  const stores = [backends.metrics, backends.logs].filter((backend) => backend !== undefined);
  return collector(
    {
      namespace,
      component: "gateway",
      objectName: GATEWAY,
      configuration: configuration(args),
      size,
      replicas,
      // 70: a pod that is added takes a minute to help
      autoscaling: { maxReplicas, cpuPercent: 70 },
      ports: [{ ...OTLP_GRPC, servicePort: OTLP_GRPC_PORT, appProtocol: "tls" }],
      receives: [{ from: agents, ports: ["otlp-grpc"], why: "agents send what pods of their node emit" }],
      reaches: [
        {
          to: samplers,
          ports: [{ port: OTLP_GRPC_PORT, protocol: "TCP" }],
          why: "all spans of a trace go to one sampler",
        },
        ...stores.map(({ peer, ports }) => ({ to: peer, ports, why: "metrics and logs are stored" })),
      ],
    },
    { image, issuer },
  );
}

function configuration({ backends, cluster, environment, namespace, size, tenants }: GatewayArgs): Configuration {
  const stored = (["metrics", "logs"] as const).filter((signal) => backends[signal] !== undefined);
  // one queue per tenant and signal, one of the platform for each, and that of traces
  const mebibytes = queueMiB(size.memoryMiB, stored.length * (tenants.length + 1) + 1);
  const intake = { receivers: ["otlp"], processors: ["resource"] };
  const metrics = tenantPipelines("metrics", intake, tenants, backends.metrics, mebibytes);
  const logs = tenantPipelines("logs", intake, tenants, backends.logs, mebibytes);
  return {
    receivers: FROM_COLLECTORS,
    // whatever a pod said of where it runs: this is where
    processors: {
      resource: {
        attributes: [
          { key: "k8s.cluster.name", value: cluster, action: "upsert" },
          { key: "deployment.environment.name", value: environment, action: "upsert" },
        ],
      },
    },
    exporters: {
      [SPELT.loadBalancing]: toSamplers(namespace, mebibytes),
      ...metrics.exporters,
      ...logs.exporters,
    },
    connectors: { ...metrics.connectors, ...logs.connectors },
    pipelines: {
      traces: { ...intake, exporters: [SPELT.loadBalancing] },
      ...metrics.pipelines,
      ...logs.pipelines,
    },
  };
}

/**
 * By trace id to one of the samplers. What could not be delivered waits here and not in the queue of one sampler's
 * connection, so that it goes to another sampler once the ring has changed.
 */
function toSamplers(namespace: string, mebibytes: number): object {
  return {
    routing_key: "traceID",
    // one try and its retries within the connection to a sampler
    timeout: "10s",
    sending_queue: sendingQueue(mebibytes),
    retry_on_failure: { enabled: true },
    protocol: {
      otlp: {
        timeout: "5s",
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: false },
        // samplers are reached by address, their certificate has the name of their Service
        tls: { ...MUTUAL_TLS, server_name_override: `${SAMPLER}.${namespace}.svc` },
      },
    },
    // addresses of pods that are ready; upstream's resolver of EndpointSlices would need rights and has open faults
    resolver: {
      dns: { hostname: `${SAMPLER}.${namespace}.svc`, port: String(OTLP_GRPC_PORT), interval: "5s", timeout: "1s" },
    },
  };
}
