/**
 * The gateway: what agents send meets here. Metrics and logs go on to their stores, tenant by tenant; all spans of a trace
 * go to the same sampler, whichever agent and gateway they come by.
 *
 * On the hub it is the way in for other clusters, too. What they send is finished: their agents found out whose it is,
 * their gateways wrote where it is from, their samplers chose the traces. It goes to the stores as it is.
 */
import type { PodsPeer } from "../flow";
import type { Workload } from "../workload";
import type { ContainerPort } from "../workload/container";
import type { Backends } from "./backends";
import { type CollectorSettings, type CollectorSize, collector, OTLP_GRPC } from "./collector";
import {
  CLUSTERS_PORT,
  type Configuration,
  FROM_CLUSTERS,
  FROM_COLLECTORS,
  MUTUAL_TLS,
  OTLP_CLUSTERS,
  OTLP_GRPC_PORT,
  type Signal,
  SPELT,
  sendingQueue,
} from "./configuration";
import { type Ingest, ingestService, otherClusters } from "./ingest";
import { SAMPLER } from "./sampler";
import { type Intake, queueMiB, tenantPipelines } from "./tenant-pipelines";

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
  /** Way in for other clusters; undefined where there is none. */
  readonly ingest: Ingest | undefined;
}

const CLUSTERS: ContainerPort = { name: "otlp-clusters", port: CLUSTERS_PORT };

/** The gateway and its autoscaler: it keeps nothing, so a further pod is just one more. */
export function gateway(args: GatewayArgs): Workload {
  const { agents, backends, image, ingest, issuer, maxReplicas, namespace, replicas, samplers, size } = args;
  // its own cluster's traces are the samplers' to store
  const stores = [...(ingest ? [backends.traces] : []), backends.metrics, backends.logs];
  const made = collector(
    {
      namespace,
      component: "gateway",
      objectName: GATEWAY,
      configuration: configuration(args),
      size,
      replicas,
      // 70: a pod that is added takes a minute to help
      autoscaling: { maxReplicas, cpuPercent: 70 },
      furtherNames: ingest ? [ingest.host] : [],
      ports: [{ ...OTLP_GRPC, servicePort: OTLP_GRPC_PORT, appProtocol: "tls" }, ...(ingest ? [CLUSTERS] : [])],
      receives: [
        { from: agents, ports: ["otlp-grpc"], why: "agents send what pods of their node emit" },
        ...(ingest
          ? [{ from: otherClusters(ingest), ports: [CLUSTERS.name], why: "spokes bring their telemetry to the hub" }]
          : []),
      ],
      reaches: [
        {
          to: samplers,
          ports: [{ port: OTLP_GRPC_PORT, protocol: "TCP" }],
          why: "all spans of a trace go to one sampler",
        },
        ...stores.flatMap((store) =>
          store ? [{ to: store.peer, ports: store.ports, why: "telemetry is stored" }] : [],
        ),
      ],
    },
    { image, issuer },
  );
  if (ingest === undefined) return made;
  return { ...made, objects: [...made.objects, ingestService(namespace, made.pods, CLUSTERS.name, ingest)] };
}

function configuration(args: GatewayArgs): Configuration {
  const { backends, cluster, environment, ingest, namespace, size } = args;
  const tenants = [...new Set([...args.tenants, ...(ingest?.tenants ?? [])])];
  const parted: readonly Signal[] = ingest ? ["traces", "metrics", "logs"] : ["metrics", "logs"];
  const stored = parted.filter((signal) => backends[signal] !== undefined);
  // one queue per tenant and signal, one of the platform for each, and that of traces
  const mebibytes = queueMiB(size.memoryMiB, stored.length * (tenants.length + 1) + 1);
  const own = { receivers: ["otlp"], processors: ["resource"] };
  const others = (signal: Signal): Readonly<Record<string, Intake>> =>
    ingest ? { [`${signal}/other.clusters`]: { receivers: [OTLP_CLUSTERS], processors: [] } } : {};
  const ways = parted.map((signal) => {
    const intakes = { ...(signal === "traces" ? {} : { [signal]: own }), ...others(signal) };
    return tenantPipelines(signal, intakes, tenants, backends[signal], mebibytes);
  });
  return {
    receivers: { ...FROM_COLLECTORS, ...(ingest ? FROM_CLUSTERS : {}) },
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
      ...Object.assign({}, ...ways.map(({ exporters }) => exporters)),
    },
    connectors: Object.assign({}, ...ways.map(({ connectors }) => connectors)),
    pipelines: {
      traces: { ...own, exporters: [SPELT.loadBalancing] },
      ...Object.assign({}, ...ways.map(({ pipelines }) => pipelines)),
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
