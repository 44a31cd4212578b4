/**
 * Jaeger: keeps traces and shows them, and tells programs how many of their traces to begin.
 *
 *     samplers ──OTLP, mutual TLS──▶ collector ──▶ store ◀── query ◀── whoever looks at traces      on the hub
 *     programs ──how many?──▶ sampling                                                              on every cluster
 *
 * @see https://www.jaegertracing.io/docs/2.20/architecture/
 */
import type { FlowPort, PodsPeer } from "./flow";
import { JAEGER_ALERTS } from "./jaeger/alerts";
import {
  listensOn,
  OTLP_GRPC_PORT,
  QUERY_GRPC_PORT,
  QUERY_HTTP_PORT,
  REMOTE_STORAGE_PORT,
  SAMPLING_GRPC_PORT,
  SAMPLING_HTTP_PORT,
  SERVES_KNOWN,
} from "./jaeger/configuration";
import { JAEGER_NAMESPACE, jaegerConfigMap, type RoleSize, role } from "./jaeger/role";
import {
  checkSampling,
  type SamplingArgs,
  STRATEGIES_FILE,
  STRATEGIES_FOLDER,
  strategiesFile,
} from "./jaeger/sampling";
import {
  checkStorage,
  type JaegerStorage,
  memoryOf,
  outside,
  ownMemory,
  STORE,
  type StorageAccess,
} from "./jaeger/storage";
import { requireDnsLabel, selectorLabels } from "./labels";
import type { Part } from "./part";
import type { Issuer } from "./platform-certificate";
import type { Workload } from "./workload";

const podsOf = (component: string): PodsPeer => ({
  namespace: JAEGER_NAMESPACE,
  pods: selectorLabels("jaeger", component),
});

/** Where traces are sent to: OTLP over gRPC, with a certificate of the platform's CA. */
export const JAEGER_COLLECTOR = {
  endpoint: `jaeger-collector.${JAEGER_NAMESPACE}.svc:${OTLP_GRPC_PORT}`,
  peer: podsOf("collector"),
  ports: [{ port: OTLP_GRPC_PORT, protocol: "TCP" }] satisfies FlowPort[],
} as const;

/** Where traces are looked at: HTTP, for pods that a flow leads there. */
export const JAEGER_QUERY = {
  url: `http://jaeger-query.${JAEGER_NAMESPACE}.svc:${QUERY_HTTP_PORT}`,
  peer: podsOf("query"),
  ports: [{ port: QUERY_HTTP_PORT, protocol: "TCP" }] satisfies FlowPort[],
} as const;

/** What one pod of each role may use. */
export type JaegerSizes = Readonly<Record<"collector" | "query" | "sampling", RoleSize>>;

export interface JaegerArgs {
  /** Image, as the image lock gives it: `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs. */
  readonly issuer: Issuer;
  /** Where traces are kept. @default nowhere: collector and query are not made, as on every spoke */
  readonly storage?: JaegerStorage;
  /** What programs are told of sampling. @default 10 traces a second from each process */
  readonly sampling?: Partial<SamplingArgs>;
  /** Namespaces whose pods may ask how many traces to begin, DNS labels. */
  readonly askers: readonly string[];
  /** Fewest collector pods, 2–20; the autoscaler adds up to five times as many. With a store in memory there is one. @default 2 */
  readonly collectorReplicas?: number;
  /** Query pods, 2–20. @default 2, so that one is left when a node is drained */
  readonly queryReplicas?: number;
  /**
   * What each role may use: CPU at least 10 millicores, memory at least 64 MiB. Upstream sets nothing.
   * @default collector 500 millicores and 1 GiB, query 200 and 512 MiB, sampling 20 and 64
   */
  readonly sizes?: Partial<JaegerSizes>;
}

const SIZES: JaegerSizes = {
  collector: { cpuMillicores: 500, memoryMiB: 1024 },
  query: { cpuMillicores: 200, memoryMiB: 512 },
  sampling: { cpuMillicores: 20, memoryMiB: 64 },
};

const SAMPLING: SamplingArgs = { defaultTracesPerSecond: 10, services: {} };

/**
 * All of Jaeger on one cluster.
 *
 * @throws Error naming the field, its value and the bound
 */
export function jaegerPart(args: JaegerArgs): Part {
  checkArgs(args);
  const { storage } = args;
  const workloads = [...(storage ? [collector(args, storage), query(args, storage)] : []), sampling(args)];
  const flows = workloads.flatMap((each) => each.flows);
  return {
    name: "jaeger",
    namespaces: [{ name: JAEGER_NAMESPACE }],
    // the way from query to collector is said by both of them
    flows: [...new Map(flows.map((flow) => [JSON.stringify(flow), flow])).values()],
    objects: workloads.flatMap(({ objects }) => objects),
    scrapeTargets: workloads.flatMap(({ scrapeTarget }) => scrapeTarget ?? []),
    alerts: storage ? JAEGER_ALERTS : [],
    departures: workloads.flatMap(({ departures }) => departures),
  };
}

/** Takes spans. Who sends them is the sender's flow. */
function collector({ collectorReplicas = 2, image, issuer, sizes }: JaegerArgs, storage: JaegerStorage): Workload {
  const inMemory = storage.kind === "memory";
  const access = inMemory ? ownMemory(storage) : outside(storage);
  return role({
    ...reaching(access),
    component: "collector",
    image,
    issuer,
    size: sizes?.collector ?? SIZES.collector,
    ports: [
      { name: "otlp-grpc", port: OTLP_GRPC_PORT, servicePort: OTLP_GRPC_PORT, appProtocol: "tls" },
      ...(inMemory
        ? [{ name: "storage", port: REMOTE_STORAGE_PORT, servicePort: REMOTE_STORAGE_PORT, appProtocol: "tls" }]
        : []),
    ],
    ...(inMemory
      ? { replicas: 1, podDepartures: { singleReplica: storage.reason } }
      : {
          replicas: collectorReplicas,
          // 70: a pod that is added takes a minute to help
          autoscaling: { maxReplicas: 5 * collectorReplicas, cpuPercent: 70 },
        }),
    configuration: {
      extensions: {
        jaeger_storage: { backends: { [STORE]: access.backend } },
        ...(inMemory
          ? { remote_storage: { endpoint: listensOn(REMOTE_STORAGE_PORT), storage: STORE, tls: SERVES_KNOWN } }
          : {}),
      },
      receivers: {
        otlp: {
          protocols: {
            grpc: {
              endpoint: listensOn(OTLP_GRPC_PORT),
              // a connection is bound to one pod: one that was added gets its share when connections are made anew
              keepalive: { server_parameters: { max_connection_age: "5m", max_connection_age_grace: "30s" } },
              tls: SERVES_KNOWN,
            },
          },
        },
      },
      exporters: { jaeger_storage_exporter: { trace_storage: STORE } },
    },
  });
}

/** Shows traces. Who asks is the asker's flow. */
function query({ image, issuer, queryReplicas = 2, sizes }: JaegerArgs, storage: JaegerStorage): Workload {
  const inMemory = storage.kind === "memory";
  const access = inMemory
    ? memoryOf(`jaeger-collector.${JAEGER_NAMESPACE}.svc`, JAEGER_COLLECTOR.peer)
    : outside(storage);
  return role({
    ...reaching(access),
    component: "query",
    image,
    ...(inMemory ? { issuer } : {}),
    size: sizes?.query ?? SIZES.query,
    replicas: queryReplicas,
    ports: [
      { name: "http-query", port: QUERY_HTTP_PORT, servicePort: QUERY_HTTP_PORT, appProtocol: "http" },
      { name: "grpc-query", port: QUERY_GRPC_PORT, servicePort: QUERY_GRPC_PORT, appProtocol: "grpc" },
    ],
    configuration: {
      extensions: {
        jaeger_storage: { backends: { [STORE]: access.backend } },
        jaeger_query: {
          storage: { traces: STORE },
          // it would trace what it does itself, to nowhere
          enable_tracing: false,
          http: { endpoint: listensOn(QUERY_HTTP_PORT) },
          grpc: { endpoint: listensOn(QUERY_GRPC_PORT) },
        },
      },
    },
  });
}

/** Answers programs; it stores nothing, and rereads its strategies by itself. */
function sampling({ askers, image, sampling: strategies, sizes }: JaegerArgs): Workload {
  const name = "jaeger-sampling-strategies";
  const configMap = jaegerConfigMap(name, "sampling", {
    [STRATEGIES_FILE]: strategiesFile({ ...SAMPLING, ...strategies }),
  });
  const made = role({
    component: "sampling",
    image,
    size: sizes?.sampling ?? SIZES.sampling,
    ports: [
      { name: "http-sampling", port: SAMPLING_HTTP_PORT, servicePort: SAMPLING_HTTP_PORT, appProtocol: "http" },
      { name: "grpc-sampling", port: SAMPLING_GRPC_PORT, servicePort: SAMPLING_GRPC_PORT, appProtocol: "grpc" },
    ],
    receives: askers.map((namespace) => ({
      from: { namespace, pods: "all" },
      ports: ["http-sampling", "grpc-sampling"],
      why: "programs ask how many of their traces to begin",
    })),
    volumes: { strategies: { configMap: name } },
    mounts: [{ volume: "strategies", path: STRATEGIES_FOLDER }],
    configuration: {
      extensions: {
        // the program starts no remote sampling without a store, and with strategies from a file never asks it
        jaeger_storage: { backends: { [STORE]: { memory: { max_traces: 1 } } } },
        remote_sampling: {
          file: { path: `${STRATEGIES_FOLDER}/${STRATEGIES_FILE}`, reload_interval: "30s" },
          http: { endpoint: listensOn(SAMPLING_HTTP_PORT) },
          grpc: { endpoint: listensOn(SAMPLING_GRPC_PORT) },
        },
      },
    },
  });
  return { ...made, objects: [configMap, ...made.objects] };
}

const reaching = ({ env, mounts, reaches, volumes }: StorageAccess) => ({ env, mounts, reaches, volumes });

/** @throws Error naming the field, its value and the bound */
function checkArgs(args: JaegerArgs): void {
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`jaeger: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  if (args.image.trim() === "")
    throw new Error("jaeger: image is empty, must be registry/repository:tag@sha256:digest");
  for (const asker of args.askers) requireDnsLabel("jaeger", "askers", asker);
  between("collectorReplicas", args.collectorReplicas, 2, 20, "one must be left when a node is drained");
  between("queryReplicas", args.queryReplicas, 2, 20, "one must be left when a node is drained");
  for (const [name, size] of Object.entries(args.sizes ?? {})) {
    between(`sizes.${name}.cpuMillicores`, size?.cpuMillicores, 10, 16_000, "spans are compressed and encrypted");
    between(`sizes.${name}.memoryMiB`, size?.memoryMiB, 64, 65_536, "with less it refuses all spans");
  }
  checkSampling({ ...SAMPLING, ...args.sampling });
  if (args.storage) checkStorage(args.storage);
}
