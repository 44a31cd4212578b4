/**
 * OpenTelemetry Collector: takes the telemetry of a cluster, says whose it is, and brings it to where it is stored.
 *
 *     pods ─▶ agent of their node ─▶ gateway ─┬─ metrics, logs ── by tenant ─▶ stores
 *             (adds tenant_id)                └─ traces ── by trace id ─▶ sampler ── by tenant ─▶ store
 *
 * From the agent on, both ends of each connection show a certificate of the platform's CA. The program is the platform's
 * own distribution: what a configuration can name is what `sandbox/toolchain/build/otelcol/builder.yaml` lists.
 *
 * @see https://opentelemetry.io/docs/collector/deploy/gateway/
 */
import { App, Chart } from "cdk8s";
import { requireCidr } from "./cidr";
import type { Flow, PodsPeer } from "./flow";
import { objectsOf } from "./kube-object";
import { requireDnsLabel, selectorLabels } from "./labels";
import { Manifest } from "./manifest";
import { AGENT, agent } from "./opentelemetry-collector/agent";
import { OPENTELEMETRY_COLLECTOR_ALERTS } from "./opentelemetry-collector/alerts";
import { type Backends, checkBackend } from "./opentelemetry-collector/backends";
import type { CollectorSize } from "./opentelemetry-collector/collector";
import { OTLP_GRPC_PORT, SIGNALS } from "./opentelemetry-collector/configuration";
import { GATEWAY, gateway } from "./opentelemetry-collector/gateway";
import type { Ingest } from "./opentelemetry-collector/ingest";
import { type Sampling, sampler } from "./opentelemetry-collector/sampler";
import type { Part } from "./part";
import type { Issuer } from "./platform-certificate";
import type { PlatformNamespace } from "./platform-namespace";
import type { ScrapeTarget } from "./scrape-target";
import { PLATFORM_TENANT } from "./tenant";
import type { Workload } from "./workload";
import type { Departure } from "./workload/departures";

/** Where gateways and samplers run; the cluster base makes the namespace. */
export const OPENTELEMETRY_NAMESPACE = "opentelemetry";

/** Where agents run: apart, because they alone may mount folders of the node. */
export const OPENTELEMETRY_AGENT_NAMESPACE = "opentelemetry-agent";

/** Where pods send OTLP over gRPC, `host:port`: the agent of their own node. */
export const OTLP_ENDPOINT = `${AGENT}.${OPENTELEMETRY_AGENT_NAMESPACE}.svc:${OTLP_GRPC_PORT}`;

/** What one pod of each collector may use. */
export type CollectorSizes = Readonly<Record<"agent" | "gateway" | "sampler", CollectorSize>>;

export interface OpenTelemetryCollectorArgs {
  /** Name of the environment, a DNS label: `deployment.environment.name` of all telemetry. */
  readonly environment: string;
  /** Name of the cluster, a DNS label: `k8s.cluster.name` of all telemetry. */
  readonly cluster: string;
  /**
   * Who installs it: `managed` here, with the image to run, `registry/repository:tag@sha256:digest`; or `external`,
   * someone else: then nothing is made.
   */
  readonly management: { readonly kind: "managed"; readonly image: string } | { readonly kind: "external" };
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that certificates can be waited for. */
  readonly issuer: Issuer;
  /** Tenants whose telemetry is kept apart, DNS labels; none is named `platform`, which is what no tenant owns. */
  readonly tenants: readonly string[];
  /** Namespaces whose pods send telemetry, DNS labels. */
  readonly senders: readonly string[];
  /** Where each signal is stored. @default nowhere: it is received, counted, and dropped */
  readonly backends?: Backends;
  /** The way in for collectors of other clusters, which is the hub's. @default none */
  readonly ingest?: Ingest;
  /** Fewest gateway pods, 2–20. @default 2, so that one is left when a node is drained */
  readonly gatewayReplicas?: number;
  /** Most gateway pods, `gatewayReplicas`–100; in between it is the autoscaler's to choose. @default five times `gatewayReplicas` */
  readonly gatewayMaxReplicas?: number;
  /** Sampler pods, 2–50. A change moves traces between samplers: those under way may be decided in parts. @default 2 */
  readonly samplerReplicas?: number;
  /**
   * Which traces are kept besides those with an error.
   * @default 10 percent, and those over 2 s; decided after 30 s among 50000 in memory, both upstream's own
   */
  readonly sampling?: Partial<Sampling>;
  /**
   * What each collector may use: CPU at least 10 millicores, memory at least 128 MiB. Upstream sets nothing.
   * @default agent 100 millicores and 256 MiB, gateway 200 and 512, sampler 500 and 1024: 50000 traces of 10 KB each
   */
  readonly sizes?: Partial<CollectorSizes>;
}

const SIZES: CollectorSizes = {
  agent: { cpuMillicores: 100, memoryMiB: 256 },
  gateway: { cpuMillicores: 200, memoryMiB: 512 },
  sampler: { cpuMillicores: 500, memoryMiB: 1024 },
};

const SAMPLING: Sampling = { percentage: 10, slowMilliseconds: 2000, decisionWaitSeconds: 30, tracesInMemory: 50_000 };

/**
 * The manifests of the collectors of one cluster.
 *
 * @throws Error naming the field, its value and the bound
 */
export class OpenTelemetryCollectorChart extends Chart {
  constructor(args: OpenTelemetryCollectorArgs) {
    super(new App(), "opentelemetry-collector", { disableResourceNameHashes: true });
    checkArgs(args);
    for (const object of workloads(args).flatMap(({ objects }) => objects)) {
      const { namespace = "", name } = object.metadata;
      new Manifest(this, `${object.kind}-${namespace}-${name}`, object);
    }
  }
}

/** The namespaces that it runs in. None where someone else installs it. */
export function openTelemetryCollectorNamespaces({ management }: OpenTelemetryCollectorArgs): PlatformNamespace[] {
  if (management.kind === "external") return [];
  return [
    { name: OPENTELEMETRY_NAMESPACE },
    {
      name: OPENTELEMETRY_AGENT_NAMESPACE,
      podSecurity: {
        level: "privileged",
        reason: "agents read the logs of their node's pods, and keep how far they read, in folders of the node",
      },
    },
  ];
}

/** Who connects to the collectors, and whom they connect to. */
export function openTelemetryCollectorFlows(args: OpenTelemetryCollectorArgs): Flow[] {
  // the way between two collectors is said by both of them
  const all = workloads(args).flatMap(({ flows }) => flows);
  return [...new Map(all.map((flow) => [JSON.stringify(flow), flow])).values()];
}

/** Their own metrics. */
export function openTelemetryCollectorScrapeTargets(args: OpenTelemetryCollectorArgs): ScrapeTarget[] {
  return workloads(args).flatMap(({ scrapeTarget }) => scrapeTarget ?? []);
}

/** Where their pods are less safe than every workload is by default. */
export function openTelemetryCollectorDepartures(args: OpenTelemetryCollectorArgs): Departure[] {
  return workloads(args).flatMap(({ departures }) => departures);
}

/** All of it. */
export function openTelemetryCollectorPart(args: OpenTelemetryCollectorArgs): Part {
  return {
    name: "opentelemetry-collector",
    namespaces: openTelemetryCollectorNamespaces(args),
    flows: openTelemetryCollectorFlows(args),
    objects: objectsOf(new OpenTelemetryCollectorChart(args)),
    scrapeTargets: openTelemetryCollectorScrapeTargets(args),
    alerts: args.management.kind === "managed" ? OPENTELEMETRY_COLLECTOR_ALERTS : [],
    departures: openTelemetryCollectorDepartures(args),
  };
}

function workloads(args: OpenTelemetryCollectorArgs): Workload[] {
  const { backends = {}, cluster, environment, gatewayReplicas = 2, issuer, management, senders, tenants } = args;
  if (management.kind === "external") return [];
  const sizes = { ...SIZES, ...args.sizes };
  const shared = { image: management.image, issuer };
  const central = { ...shared, namespace: OPENTELEMETRY_NAMESPACE, tenants, backends };
  const agents = pods(OPENTELEMETRY_AGENT_NAMESPACE, "agent");
  const gateways = pods(OPENTELEMETRY_NAMESPACE, "gateway");
  const samplers = pods(OPENTELEMETRY_NAMESPACE, "sampler");
  return [
    agent({
      ...shared,
      namespace: OPENTELEMETRY_AGENT_NAMESPACE,
      gatewayEndpoint: `${GATEWAY}.${OPENTELEMETRY_NAMESPACE}.svc:${OTLP_GRPC_PORT}`,
      gateways,
      senders,
      size: sizes.agent,
    }),
    gateway({
      ...central,
      environment,
      cluster,
      replicas: gatewayReplicas,
      maxReplicas: args.gatewayMaxReplicas ?? 5 * gatewayReplicas,
      size: sizes.gateway,
      agents,
      samplers,
      ingest: args.ingest,
    }),
    sampler({
      ...central,
      replicas: args.samplerReplicas ?? 2,
      size: sizes.sampler,
      sampling: { ...SAMPLING, ...args.sampling },
      gateways,
    }),
  ];
}

const pods = (namespace: string, component: string): PodsPeer => ({
  namespace,
  pods: selectorLabels("opentelemetry-collector", component),
});

/** @throws Error naming the field, its value and the bound; ports and mounts are checked where they are used */
function checkArgs(args: OpenTelemetryCollectorArgs): void {
  const { backends = {}, gatewayReplicas = 2, management, sampling = {}, tenants } = args;
  const whose = "opentelemetry-collector";
  for (const field of ["environment", "cluster"] as const) requireDnsLabel(whose, field, args[field]);
  requireDnsLabel(whose, "issuer.name", args.issuer.name);
  for (const sender of args.senders) requireDnsLabel(whose, "senders", sender);
  for (const tenant of [...tenants, ...(args.ingest?.tenants ?? [])]) {
    requireDnsLabel(whose, "tenants", tenant);
    if (tenant === PLATFORM_TENANT) {
      throw new Error(`${whose}: tenants has "${tenant}", must be another name: it is that of what no tenant owns`);
    }
  }
  if (management.kind === "managed" && management.image.trim() === "") {
    throw new Error(`${whose}: management.image is empty, must be registry/repository:tag@sha256:digest`);
  }
  for (const range of args.ingest?.sourceRanges ?? []) requireCidr(whose, "ingest.sourceRanges", range);
  for (const signal of SIGNALS) {
    const backend = backends[signal];
    if (backend) checkBackend(signal, backend);
  }
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`${whose}: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  const drained = "one must be left when a node is drained";
  between("gatewayReplicas", args.gatewayReplicas, 2, 20, drained);
  between("gatewayMaxReplicas", args.gatewayMaxReplicas, gatewayReplicas, 100, "there are never fewer than the fewest");
  between("samplerReplicas", args.samplerReplicas, 2, 50, drained);
  between("sampling.percentage", sampling.percentage, 0, 100, "it is a share");
  between("sampling.slowMilliseconds", sampling.slowMilliseconds, 1, 600_000, "slower traces are kept");
  between("sampling.decisionWaitSeconds", sampling.decisionWaitSeconds, 5, 300, "all traces are held for so long");
  between("sampling.tracesInMemory", sampling.tracesInMemory, 1000, 1_000_000, "more push out undecided ones");
  for (const [collector, size] of Object.entries(args.sizes ?? {})) {
    between(
      `sizes.${collector}.cpuMillicores`,
      size?.cpuMillicores,
      10,
      16_000,
      "telemetry is compressed and encrypted",
    );
    between(`sizes.${collector}.memoryMiB`, size?.memoryMiB, 128, 65_536, "with less it refuses all data");
  }
}
