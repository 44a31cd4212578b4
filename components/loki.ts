/**
 * Loki: keeps the logs of all clusters, tenant by tenant, and answers who asks for them. On the hub only.
 *
 *     gateways ──OTLP, mutual TLS──▶ loki (each pod is all of Loki) ──chunks, index──▶ object store
 *                                     └── pods find one another by gossip, each log is in three of them
 *
 * Each pod is the whole program: upstream's advice below some TB a day, since the simple scalable mode ends with Loki 4.
 *
 * @see https://grafana.com/docs/loki/latest/get-started/deployment-modes/
 */

import { stringify } from "yaml";
import type { FlowPort } from "./flow";
import type { KubeObject } from "./kube-object";
import { objectLabels, requireDnsLabel, selectorLabels } from "./labels";
import { LOKI_ALERTS } from "./loki/alerts";
import {
  CONFIGURATION_FILE,
  CONFIGURATION_FOLDER,
  configurationFile,
  DATA_FOLDER,
  LOKI_GOSSIP_PORT,
  LOKI_GRPC_PORT,
  LOKI_HTTP_PORT,
  LOKI_PROBE_PORT,
  type LogLimits,
  OVERRIDES_FILE,
  OVERRIDES_FOLDER,
  overridesFile,
  TLS_FOLDER,
} from "./loki/configuration";
import type { ObjectStore } from "./object-store";
import { storeIdentity, storeReach } from "./object-store-access";
import type { Part } from "./part";
import { type Issuer, platformCertificate, tlsSecret } from "./platform-certificate";
import { TENANT_HEADERS } from "./tenant";
import { type Workload, workload } from "./workload";
import type { Size } from "./workload/container";

/** Where Loki runs; the cluster base makes the namespace. */
export const LOKI_NAMESPACE = "loki";

/** Name of its Service, of its pods' set and of its certificate. */
const NAME = "loki";

/** Where logs are sent to and asked for: by whom, is a matter of certificates, flows, and the header of the tenant. */
export const LOKI = {
  url: `https://${NAME}.${LOKI_NAMESPACE}.svc:${LOKI_HTTP_PORT}`,
  /** HTTP header that names the tenant; whoever may connect is believed. */
  tenantHeader: TENANT_HEADERS.loki,
  peer: { namespace: LOKI_NAMESPACE, pods: selectorLabels("loki", "all") },
  ports: [{ port: LOKI_HTTP_PORT, protocol: "TCP" }] satisfies FlowPort[],
} as const;

export interface LokiArgs {
  /** Name of the environment, a DNS label: pods of another environment's Loki are not let in. */
  readonly environment: string;
  /** Image, as the image lock gives it: `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** ClusterIssuer of the platform's CA, and whether its controller runs. */
  readonly issuer: Issuer;
  /** Where chunks and index are kept. In a file system there is one pod: no other sees what it keeps. */
  readonly objectStore: ObjectStore;
  /** Pods, 3–30; 1 in a file system. @default 3: each log is in three pods, and one of them may be away */
  readonly replicas?: number;
  /**
   * What one pod may use: CPU at least 100 millicores, memory at least 512 MiB.
   * @default 500 millicores and 2 GiB: some 5 MB of logs a second on three pods, an estimate
   */
  readonly size?: Pick<Size, "cpuMillicores" | "memoryMiB">;
  /** Volume of each pod, GiB, 5–1000: what is not yet in the object store, and copies of its index. @default 20 */
  readonly volumeGiB?: number;
  /** Storage class of the volumes. @default the cluster's default class */
  readonly storageClassName?: string;
  /** What holds for a tenant of whom nothing else is said. @default 30 days, and 4 MB a second, upstream's own */
  readonly limits?: Partial<LogLimits>;
  /** What differs, by the name of the tenant, DNS labels. @default nothing */
  readonly tenants?: Readonly<Record<string, Partial<LogLimits>>>;
}

const LIMITS: LogLimits = { retentionDays: 30, ingestionMegabytesPerSecond: 4 };
const SIZE = { cpuMillicores: 500, memoryMiB: 2048 };

/** Pods that hold each log: two answers of three are enough. */
const REPLICATION = 3;

/**
 * All of Loki.
 *
 * @throws Error naming the field, its value and the bound
 */
export function lokiPart(args: LokiArgs): Part {
  checkArgs(args);
  const { issuer } = args;
  const configuration = configMap(NAME, { [CONFIGURATION_FILE]: configurationOf(args) });
  const overrides = configMap(`${NAME}-overrides`, { [OVERRIDES_FILE]: overridesOf(args) });
  const certificate = platformCertificate({
    namespace: LOKI_NAMESPACE,
    name: NAME,
    labels: objectLabels("loki", "all"),
    dnsNames: [`${NAME}.${LOKI_NAMESPACE}.svc`],
    issuer,
  });
  const { departures, flows, objects, scrapeTarget } = pods(args, configuration);
  return {
    name: "loki",
    namespaces: [{ name: LOKI_NAMESPACE }],
    flows,
    objects: [configuration, overrides, certificate, ...objects],
    scrapeTargets: scrapeTarget ? [scrapeTarget] : [],
    alerts: LOKI_ALERTS,
    departures,
  };
}

function pods(args: LokiArgs, configuration: KubeObject): Workload {
  const { image, objectStore, size = SIZE, storageClassName, volumeGiB = 20 } = args;
  const single = objectStore.kind === "filesystem";
  return workload({
    namespace: LOKI_NAMESPACE,
    name: "loki",
    component: "all",
    objectName: NAME,
    kind: "StatefulSet",
    image,
    args: [`-config.file=${CONFIGURATION_FOLDER}/${CONFIGURATION_FILE}`, "-config.expand-env=true", "-target=all"],
    env: [
      { name: "POD_IP", fieldPath: "status.podIP" },
      { name: "GOMEMLIMIT", value: `${Math.floor(size.memoryMiB * 0.9)}MiB` },
    ],
    size,
    replicas: single ? 1 : (args.replicas ?? 3),
    ports: [
      { name: "https", port: LOKI_HTTP_PORT, servicePort: LOKI_HTTP_PORT, appProtocol: "https" },
      { name: "grpc", port: LOKI_GRPC_PORT, appProtocol: "grpc" },
      { name: "gossip", port: LOKI_GOSSIP_PORT },
      { name: "http-metrics", port: LOKI_PROBE_PORT },
    ],
    // ready once it is in the ring and has read what its volume held; it ends by itself when it cannot go on
    readiness: { how: { httpGet: "/ready", port: "http-metrics" } },
    mounts: [
      { volume: "configuration", path: CONFIGURATION_FOLDER },
      { volume: "overrides", path: OVERRIDES_FOLDER },
      { volume: "tls", path: TLS_FOLDER },
      { volume: "data", path: DATA_FOLDER },
      { volume: "scratch", path: "/tmp" },
    ],
    volumes: {
      configuration: { configMap: NAME },
      overrides: { configMap: `${NAME}-overrides` },
      tls: { secret: tlsSecret(NAME) },
      scratch: { scratchMiB: 256 },
    },
    claims: { data: { sizeGiB: volumeGiB, ...(storageClassName === undefined ? {} : { storageClassName }) } },
    // overrides are reread by the program
    restartsOn: [configuration],
    scrape: { port: "http-metrics" },
    // what is in memory is written to the volume, and queries end
    terminationGracePeriodSeconds: 300,
    receives: [
      { from: LOKI.peer, ports: ["grpc", "gossip"], why: "pods of Loki hold logs together and share queries" },
    ],
    reaches: storeReach(objectStore),
    serviceAccountAnnotations: storeIdentity(objectStore),
    ...(single ? { podDepartures: { singleReplica: "no other pod sees the logs in this one's file system" } } : {}),
  });
}

function configurationOf({ environment, limits, objectStore }: LokiArgs): string {
  return yaml(
    configurationFile({
      objectStore,
      peers: `${NAME}-pods.${LOKI_NAMESPACE}.svc`,
      gossipName: `loki-${environment}`,
      replication: objectStore.kind === "filesystem" ? 1 : REPLICATION,
      limits: { ...LIMITS, ...limits },
    }),
  );
}

function overridesOf({ limits, tenants = {} }: LokiArgs): string {
  const usual = { ...LIMITS, ...limits };
  return yaml(
    overridesFile(Object.fromEntries(Object.entries(tenants).map(([name, own]) => [name, { ...usual, ...own }]))),
  );
}

const yaml = (value: object) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

const configMap = (name: string, data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: LOKI_NAMESPACE, labels: objectLabels("loki", "all") },
  data,
});

/** @throws Error naming the field, its value and the bound */
function checkArgs({
  environment,
  image,
  limits,
  objectStore,
  replicas,
  size,
  tenants = {},
  volumeGiB,
}: LokiArgs): void {
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`loki: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  requireDnsLabel("loki", "environment", environment);
  if (image.trim() === "") throw new Error("loki: image is empty, must be registry/repository:tag@sha256:digest");
  if (objectStore.kind === "filesystem") {
    between("replicas", replicas, 1, 1, "no other pod sees what one keeps in its file system");
  } else {
    between("replicas", replicas, REPLICATION, 30, "each log is in three pods");
  }
  between("size.cpuMillicores", size?.cpuMillicores, 100, 64_000, "it compresses what it takes");
  between("size.memoryMiB", size?.memoryMiB, 512, 262_144, "what is not yet stored is in memory");
  between("volumeGiB", volumeGiB, 5, 1000, "it holds what is not yet in the object store");
  for (const [name, own] of [["limits", limits] as const, ...Object.entries(tenants)]) {
    const whose = name === "limits" && own === limits ? "limits" : `tenants.${name}`;
    if (whose !== "limits") requireDnsLabel("loki", "tenants", name);
    between(`${whose}.retentionDays`, own?.retentionDays, 1, 3650, "the index has a table for each day");
    between(
      `${whose}.ingestionMegabytesPerSecond`,
      own?.ingestionMegabytesPerSecond,
      1,
      1000,
      "more is a Loki of its own",
    );
  }
}
