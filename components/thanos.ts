/**
 * Thanos: the metrics of all clusters in one place, for years. On the hub only.
 *
 *     Prometheus of each cluster ──remote write──▶ receive router ─▶ ingestors ──blocks──▶ bucket ◀── compactor
 *                                                                        ▲                   ▲
 *     Grafana ─▶ query-frontend ─▶ query ────────────────────────────────┴── store gateway ──┘
 *                                    ▲ └─▶ ruler ──alerts──▶ Alertmanager
 *                                    └───────┘
 *
 * Each series has a tenant: a write names it in a header, and a query sees the series of the one that it names.
 *
 * @see https://thanos.io/tip/thanos/design.md/
 */
import { App, Chart } from "cdk8s";
import { requireCidr } from "./cidr";
import type { Flow } from "./flow";
import { objectsOf } from "./kube-object";
import { requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import type { ObjectStore } from "./object-store";
import type { Part } from "./part";
import type { Issuer } from "./platform-certificate";
import { fleetAlerts, THANOS_ALERTS } from "./thanos/alerts";
import { blocks, type RetentionDays } from "./thanos/blocks";
import { THANOS_NAMESPACE } from "./thanos/names";
import type { PartSize } from "./thanos/process";
import { query } from "./thanos/query";
import { type Ingest, receive } from "./thanos/receive";
import { type AlertTarget, rule } from "./thanos/rule";
import type { Workload } from "./workload";

/** What one pod of each part may use. */
export type ThanosSizes = Readonly<
  Record<"receive" | "ingestor" | "query" | "queryFrontend" | "store" | "compact" | "rule", PartSize>
>;

/** GiB of the volume of each pod that keeps something. */
export type ThanosStorageGiB = Readonly<Record<"ingestor" | "store" | "compact" | "rule", number>>;

export interface ThanosArgs {
  /** Name of the environment, a DNS label: label of the ruler's alerts. */
  readonly environment: string;
  /** Name of the hub, a DNS label: label of blocks that are made here. */
  readonly cluster: string;
  /** Names of all clusters that write here, DNS labels: the ruler tells when one falls silent. */
  readonly clusters: readonly string[];
  /** Team that is told of the fleet's alerts, a DNS label. */
  readonly owner: string;
  /** `registry/repository:tag@sha256:digest`, as the image lock gives it. */
  readonly image: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs, so that certificates can be waited for. */
  readonly issuer: Issuer;
  /** Bucket of metrics. On a file system ingestors keep all metrics, for the store gateway would not see what they upload. */
  readonly objectStore: ObjectStore;
  /** Whose series are those that name no tenant, a DNS label. */
  readonly defaultTenant: string;
  /** Where the ruler's alerts go. @default nowhere: they are seen in the ruler alone */
  readonly alertTarget?: AlertTarget | undefined;
  /** Address of the page of runbooks, https and without `#`, that the ruler's alerts name their section of. @default none: alerts name no page */
  readonly runbookBaseUrl?: string | undefined;
  /** The load balancer by which spokes write. @default none: only pods of the hub write */
  readonly ingest?: Ingest | undefined;
  /** Pods of the router, of query and of its frontend each, 2–20. @default 2, so that one is left when a node is drained */
  readonly replicas?: number;
  /** Pods that take metrics in, 2–50; each series is kept by three of them, or by both of two. @default 3 */
  readonly ingestorReplicas?: number;
  /** Hours for which ingestors and ruler keep what is uploaded already, 6–720. @default 48: a bucket that is away for a weekend loses nothing */
  readonly localRetentionHours?: number;
  /** Days that metrics are kept: raw 3–3650, five minutes and one hour 11–3650, none shorter than the finer one. @default 30, 180 and 730 */
  readonly retentionDays?: Partial<RetentionDays>;
  /** GiB of each pod's volume, 1–16384. @default ingestor 50, store 10, compact 100, rule 5 */
  readonly storageGiB?: Partial<ThanosStorageGiB>;
  /** StorageClass of the volumes, a DNS label. @default the cluster's default class */
  readonly storageClassName?: string | undefined;
  /**
   * What each pod may use: CPU at least 10 millicores, memory at least 128 MiB. Upstream gives no figures.
   * @default receive 200 millicores and 512 MiB, ingestor 500 and 2048 (some 500000 series at 4 KiB), query 250 and 1024,
   * frontend 100 and 512, store 250 and 1024, compact 500 and 2048, rule 100 and 512
   */
  readonly sizes?: Partial<ThanosSizes>;
}

const SIZES: ThanosSizes = {
  receive: { cpuMillicores: 200, memoryMiB: 512 },
  ingestor: { cpuMillicores: 500, memoryMiB: 2048 },
  query: { cpuMillicores: 250, memoryMiB: 1024 },
  queryFrontend: { cpuMillicores: 100, memoryMiB: 512 },
  store: { cpuMillicores: 250, memoryMiB: 1024 },
  compact: { cpuMillicores: 500, memoryMiB: 2048 },
  rule: { cpuMillicores: 100, memoryMiB: 512 },
};

const STORAGE_GIB: ThanosStorageGiB = { ingestor: 50, store: 10, compact: 100, rule: 5 };

const RETENTION_DAYS: RetentionDays = { raw: 30, fiveMinutes: 180, oneHour: 730 };

/**
 * The manifests of Thanos.
 *
 * @throws Error naming the field, its value and the bound
 */
export class ThanosChart extends Chart {
  constructor(args: ThanosArgs) {
    super(new App(), "thanos", { disableResourceNameHashes: true });
    checkArgs(args);
    for (const object of workloads(args).flatMap(({ objects }) => objects)) {
      new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
    }
  }
}

/** All of it. */
export function thanosPart(args: ThanosArgs): Part {
  const objects = objectsOf(new ThanosChart(args));
  const all = workloads(args);
  return {
    name: "thanos",
    namespaces: [{ name: THANOS_NAMESPACE }],
    flows: distinct(all.flatMap(({ flows }) => flows)),
    objects,
    scrapeTargets: all.flatMap(({ scrapeTarget }) => scrapeTarget ?? []),
    alerts: THANOS_ALERTS,
    departures: all.flatMap(({ departures }) => departures),
  };
}

function workloads(args: ThanosArgs): Workload[] {
  const { alertTarget, cluster, defaultTenant, image, ingest, issuer, objectStore, replicas = 2 } = args;
  const sizes = { ...SIZES, ...args.sizes };
  const storage = { ...STORAGE_GIB, ...args.storageGiB };
  const retentionDays = { ...RETENTION_DAYS, ...args.retentionDays };
  const claim = (part: keyof ThanosStorageGiB) => ({
    sizeGiB: storage[part],
    ...(args.storageClassName === undefined ? {} : { storageClassName: args.storageClassName }),
  });
  // nobody else has what is kept on a file system
  const localRetentionHours =
    objectStore.kind === "filesystem" ? 24 * retentionDays.raw : (args.localRetentionHours ?? 48);
  const shared = { image, issuer, objectStore, cluster, defaultTenant, localRetentionHours, sizes };
  return [
    ...receive({
      ...shared,
      routerReplicas: replicas,
      ingestorReplicas: args.ingestorReplicas ?? 3,
      claim: claim("ingestor"),
      ingest,
    }),
    ...query({ ...shared, replicas }),
    ...blocks({
      ...shared,
      storeReplicas: 2,
      retentionDays,
      claims: { store: claim("store"), compact: claim("compact") },
    }),
    rule({
      ...shared,
      replicas: 2,
      claim: claim("rule"),
      size: sizes.rule,
      alerts: fleetAlerts(args.clusters),
      alertLabels: { environment: args.environment, team: args.owner },
      runbookBaseUrl: args.runbookBaseUrl,
      alertTarget,
    }),
  ];
}

/** The way between two parts is said by both of them. */
const distinct = (flows: readonly Flow[]) => [...new Map(flows.map((flow) => [JSON.stringify(flow), flow])).values()];

/** @throws Error naming the field, its value and the bound; ports and mounts are checked where they are used */
function checkArgs(args: ThanosArgs): void {
  const whose = "thanos";
  for (const field of ["environment", "cluster", "owner", "defaultTenant"] as const) {
    requireDnsLabel(whose, field, args[field]);
  }
  requireDnsLabel(whose, "issuer.name", args.issuer.name);
  for (const cluster of args.clusters) requireDnsLabel(whose, "clusters", cluster);
  for (const range of args.ingest?.sourceRanges ?? []) requireCidr(whose, "ingest.sourceRanges", range);
  if (args.image.trim() === "") {
    throw new Error(`${whose}: image is empty, must be registry/repository:tag@sha256:digest`);
  }
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`${whose}: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  const drained = "one must be left when a node is drained";
  between("replicas", args.replicas, 2, 20, drained);
  between("ingestorReplicas", args.ingestorReplicas, 2, 50, drained);
  between(
    "localRetentionHours",
    args.localRetentionHours,
    6,
    720,
    "a block is of two hours, and must be uploaded first",
  );
  const { fiveMinutes, oneHour, raw } = { ...RETENTION_DAYS, ...args.retentionDays };
  between("retentionDays.raw", raw, 3, 3650, "five minutes are made of what is older than 40 hours");
  between(
    "retentionDays.fiveMinutes",
    fiveMinutes,
    Math.max(11, raw),
    3650,
    "hours are made of what is older than 10 days, and the coarser is kept as long as the finer",
  );
  between("retentionDays.oneHour", oneHour, fiveMinutes, 3650, "the coarser is kept as long as the finer");
  for (const [part, gibibytes] of Object.entries(args.storageGiB ?? {})) {
    between(`storageGiB.${part}`, gibibytes, 1, 16_384, "blocks are written there");
  }
  for (const [part, size] of Object.entries(args.sizes ?? {})) {
    between(`sizes.${part}.cpuMillicores`, size?.cpuMillicores, 10, 64_000, "queries and blocks are computed");
    between(`sizes.${part}.memoryMiB`, size?.memoryMiB, 128, 262_144, "half of it are caches");
  }
}
