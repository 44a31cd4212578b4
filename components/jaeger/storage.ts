/**
 * Where traces are kept. Jaeger's ClickHouse backend is not offered: at the version that could be tried it has no
 * settings for TLS.
 */
import { ANYWHERE, type FlowPort, type Peer } from "../flow";
import { requireDnsLabel } from "../labels";
import type { Variable } from "../workload/container";
import type { Mount, Volume } from "../workload/volumes";
import { IS_KNOWN, REMOTE_STORAGE_PORT } from "./configuration";

/** What all stores of their own have in common. */
interface Outside {
  /** Secret in namespace `jaeger`, keys `username` and `password`, brought by whoever keeps secrets. */
  readonly secretName: string;
  /** Secret in namespace `jaeger`, key `ca.crt`: who signed the store's certificate. @default the image's public CAs */
  readonly caSecretName?: string;
  /** Ranges of the store's addresses, CIDR. @default every address */
  readonly cidrs?: readonly string[];
  /** Namespace of the store's pods where it runs in this cluster, DNS label. @default it runs elsewhere, see `cidrs` */
  readonly storeNamespace?: string;
  /** Days that traces are kept and looked for, 1–365. Elasticsearch and OpenSearch delete by a policy of their own. */
  readonly retentionDays: number;
}

export interface SearchStorage extends Outside {
  readonly kind: "elasticsearch" | "opensearch";
  /** `https` URLs, at least one. */
  readonly urls: readonly string[];
  /** First part of the names of all indices, so that environments can share a store. */
  readonly indexPrefix: string;
  /** Shards of each day's index, 1–100. @default 5, upstream's own */
  readonly shards?: number;
  /** Copies of each shard besides the first, 0–5. @default 1, upstream's own */
  readonly shardCopies?: number;
}

export interface CassandraStorage extends Outside {
  readonly kind: "cassandra";
  /** Hosts to start from, at least one; TLS on `port`. */
  readonly hosts: readonly string[];
  /** 1–65535. @default 9042, Cassandra's own */
  readonly port?: number;
  /** Data centre of Cassandra that is asked first, and holds the copies. */
  readonly datacenter: string;
  /** Made if it is missing. */
  readonly keyspace: string;
}

export interface MemoryStorage {
  /** In the memory of the one collector: what nobody must rely on. */
  readonly kind: "memory";
  /** Traces that are kept, the newest, 1–1000000. */
  readonly traces: number;
  /** Why a store that forgets is enough: one sentence. */
  readonly reason: string;
}

export type JaegerStorage = SearchStorage | CassandraStorage | MemoryStorage;

/** Name of the store within the configurations. */
export const STORE = "traces";

const SECRET_FOLDER = "/etc/jaeger-storage";
const CA_FOLDER = "/etc/jaeger-storage-ca";
const USERNAME = `\${env:STORAGE_USERNAME}`;

/** How a role that stores or reads traces reaches the store. */
export interface StorageAccess {
  /** `backends.<name>` of the extension `jaeger_storage`. */
  readonly backend: object;
  readonly env: readonly Variable[];
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly mounts: readonly Mount[];
  readonly reaches: readonly { readonly to: Peer; readonly ports: readonly FlowPort[]; readonly why: string }[];
}

const NOTHING = { env: [], volumes: {}, mounts: [], reaches: [] };

/** What the collector keeps itself. */
export const ownMemory = ({ traces }: MemoryStorage): StorageAccess => ({
  ...NOTHING,
  backend: { memory: { max_traces: traces } },
});

/** What the collector keeps, as others are given it. */
export const memoryOf = (host: string, collector: Peer): StorageAccess => ({
  ...NOTHING,
  backend: { grpc: { endpoint: `${host}:${REMOTE_STORAGE_PORT}`, tls: IS_KNOWN } },
  reaches: [
    {
      to: collector,
      ports: [{ port: REMOTE_STORAGE_PORT, protocol: "TCP" }],
      why: "traces are in the memory of the collector",
    },
  ],
});

/** A store that is a program of its own. */
export function outside(storage: SearchStorage | CassandraStorage): StorageAccess {
  const { caSecretName, cidrs = ANYWHERE, secretName, storeNamespace } = storage;
  const tls = caSecretName === undefined ? {} : { ca_file: `${CA_FOLDER}/ca.crt` };
  const peer: Peer =
    storeNamespace === undefined
      ? { cidrs, reason: "the store of traces is outside of the cluster" }
      : { namespace: storeNamespace, pods: "all" };
  const searches = storage.kind !== "cassandra";
  return {
    backend: searches ? { [storage.kind]: search(storage, tls) } : { cassandra: cassandra(storage, tls) },
    env: [
      { name: "STORAGE_USERNAME", secret: secretName, key: "username" },
      // the others reread theirs from a file
      ...(searches ? [] : [{ name: "STORAGE_PASSWORD", secret: secretName, key: "password" }]),
    ],
    volumes: {
      ...(searches ? { storage: { secret: secretName } } : {}),
      ...(caSecretName === undefined ? {} : { "storage-ca": { secret: caSecretName } }),
    },
    mounts: [
      ...(searches ? [{ volume: "storage", path: SECRET_FOLDER }] : []),
      ...(caSecretName === undefined ? [] : [{ volume: "storage-ca", path: CA_FOLDER }]),
    ],
    reaches: [
      {
        to: peer,
        ports: portsOf(storage).map((port) => ({ port, protocol: "TCP" })),
        why: "traces are kept in their store",
      },
    ],
  };
}

const hours = (days: number) => `${days * 24}h`;

function search(storage: SearchStorage, tls: object): object {
  const { indexPrefix, retentionDays, shardCopies = 1, shards = 5, urls } = storage;
  // an index for each day is the program's own default
  const daily = { shards, replicas: shardCopies };
  return {
    server_urls: urls,
    tls,
    auth: {
      basic: { username: USERNAME, password_file: `${SECRET_FOLDER}/password`, reload_interval: "1m" },
    },
    indices: { index_prefix: indexPrefix, spans: daily, services: daily, dependencies: daily, sampling: daily },
    max_span_age: hours(retentionDays),
  };
}

function cassandra({ datacenter, hosts, keyspace, port = 9042, retentionDays }: CassandraStorage, tls: object): object {
  return {
    connection: {
      servers: hosts,
      port,
      local_dc: datacenter,
      auth: { basic: { username: USERNAME, password: `\${env:STORAGE_PASSWORD}` } },
      tls,
    },
    schema: {
      keyspace,
      create: true,
      datacenter,
      // two of three answer for what was written
      replication_factor: 3,
      trace_ttl: hours(retentionDays),
      dependencies_ttl: hours(retentionDays),
    },
    query: { consistency: "LOCAL_QUORUM" },
  };
}

function portsOf(storage: SearchStorage | CassandraStorage): number[] {
  if (storage.kind === "cassandra") return [storage.port ?? 9042];
  return [...new Set(storage.urls.map((url) => Number(new URL(url).port || 443)))];
}

/** @throws Error naming the field, its value and the bound */
export function checkStorage(storage: JaegerStorage): void {
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`jaeger: storage.${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  const named = (field: string, values: readonly string[]) => {
    if (values.length === 0) throw new Error(`jaeger: storage.${field} is empty, must name at least one`);
  };
  if (storage.kind === "memory") {
    between("traces", storage.traces, 1, 1_000_000, "each takes its share of the collector's memory");
    if (storage.reason.trim() !== "") return;
    throw new Error("jaeger: storage.reason is empty, must say why a store that forgets is enough");
  }
  requireDnsLabel("jaeger", "storage.secretName", storage.secretName);
  between("retentionDays", storage.retentionDays, 1, 365, "traces are for what is happening, not for the record");
  if (storage.kind === "cassandra") {
    named("hosts", storage.hosts);
    between("port", storage.port, 1, 65_535, "it is a port");
    return;
  }
  named("urls", storage.urls);
  const open = storage.urls.find((url) => !URL.canParse(url) || new URL(url).protocol !== "https:");
  if (open !== undefined) {
    throw new Error(`jaeger: storage.urls has "${open}", must be an https URL: traces and a password are sent there`);
  }
  between("shards", storage.shards, 1, 100, "each is a file of its own on every day");
  between("shardCopies", storage.shardCopies, 0, 5, "each copy is stored in full");
}
