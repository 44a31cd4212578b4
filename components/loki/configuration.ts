/**
 * What Loki is told: its configuration file, which a restart reads, and the overrides of tenants, which it rereads itself.
 *
 * @see https://grafana.com/docs/loki/latest/configure/
 */
import type { ObjectStore } from "../object-store";

/** Ports: the program's own defaults. */
export const LOKI_HTTP_PORT = 3100;
export const LOKI_PROBE_PORT = 3101;
export const LOKI_GRPC_PORT = 9095;
export const LOKI_GOSSIP_PORT = 7946;

export const CONFIGURATION_FOLDER = "/etc/loki";
export const CONFIGURATION_FILE = "config.yaml";
export const OVERRIDES_FOLDER = "/etc/loki-overrides";
export const OVERRIDES_FILE = "overrides.yaml";
export const TLS_FOLDER = "/etc/loki-tls";
export const DATA_FOLDER = "/var/loki";

/** What one tenant may send, and how long it is kept. */
export interface LogLimits {
  /** Days that logs are kept, 1–3650. */
  readonly retentionDays: number;
  /** What all of its pods may send together, MB a second, 1–1000. */
  readonly ingestionMegabytesPerSecond: number;
}

export interface ConfigurationArgs {
  readonly objectStore: ObjectStore;
  /** Name by which pods find one another, with the addresses of all of them. */
  readonly peers: string;
  /** Name of the cluster of gossipers: whoever says another is not let in. */
  readonly gossipName: string;
  /** Pods that hold each log until it is in the object store. */
  readonly replication: number;
  /** What holds for a tenant of whom nothing else is said. */
  readonly limits: LogLimits;
}

/**
 * Attributes of a resource that make a stream, besides those that the agents write on no log. Pods and jobs are no part
 * of it, unlike upstream's own list: each has a name of its own, and each stream costs memory and index.
 */
const STREAM_ATTRIBUTES = [
  "service.name",
  "service.namespace",
  "deployment.environment.name",
  "k8s.cluster.name",
  "k8s.namespace.name",
  "k8s.deployment.name",
  "k8s.statefulset.name",
  "k8s.daemonset.name",
  "k8s.cronjob.name",
  "k8s.container.name",
];

/** Variable of the container: the address that pods tell one another. */
const POD_IP = `\${POD_IP}`;

/** The configuration file. */
export function configurationFile({ gossipName, limits, objectStore, peers, replication }: ConfigurationArgs): object {
  return {
    auth_enabled: true,
    // Service endpoints forget a pod that ends before it stops to listen
    shutdown_delay: "10s",
    server: {
      http_listen_port: LOKI_HTTP_PORT,
      grpc_listen_port: LOKI_GRPC_PORT,
      // read anew at each connection, so a renewed certificate needs no restart
      http_tls_config: {
        cert_file: `${TLS_FOLDER}/tls.crt`,
        key_file: `${TLS_FOLDER}/tls.key`,
        // whoever has no certificate of this CA is not served
        client_auth_type: "RequireAndVerifyClientCert",
        client_ca_file: `${TLS_FOLDER}/ca.crt`,
      },
      tls_min_version: "VersionTLS13",
      // profiles and metrics are not for whoever sends logs: see internal_server
      register_instrumentation: false,
      // 16 MiB: a batch of a collector is 8192 records, and more than the program's own 4 MiB
      grpc_server_max_recv_msg_size: 16 * 1024 * 1024,
      grpc_server_max_send_msg_size: 16 * 1024 * 1024,
      log_format: "json",
      log_level: "info",
    },
    // the kubelet has no certificate: it asks here, and so does who reads the metrics
    internal_server: {
      enable: true,
      http_listen_address: "",
      http_listen_port: LOKI_PROBE_PORT,
      register_instrumentation: true,
    },
    common: {
      path_prefix: DATA_FOLDER,
      replication_factor: replication,
      instance_addr: POD_IP,
      ring: { kvstore: { store: "memberlist" } },
    },
    memberlist: {
      bind_port: LOKI_GOSSIP_PORT,
      join_members: [`${peers}:${LOKI_GOSSIP_PORT}`],
      cluster_label: gossipName,
    },
    schema_config: {
      // a day before any log can be; a further schema is a further period that begins in the future
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: objectStore.kind,
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    storage_config: {
      use_thanos_objstore: true,
      object_store: bucket(objectStore),
      tsdb_shipper: {
        active_index_directory: `${DATA_FOLDER}/tsdb-index`,
        cache_location: `${DATA_FOLDER}/tsdb-cache`,
      },
    },
    ingester: {
      // a pod that is gone for good leaves the ring by itself
      autoforget_unhealthy: true,
      chunk_encoding: "snappy",
      wal: { enabled: true, dir: `${DATA_FOLDER}/wal` },
    },
    compactor: {
      working_directory: `${DATA_FOLDER}/compactor`,
      retention_enabled: true,
      delete_request_store: objectStore.kind,
    },
    limits_config: {
      ...tenantLimits(limits),
      ingestion_rate_strategy: "global",
      allow_structured_metadata: true,
      // a long line is cut and kept: refused, it would take its whole batch with it
      max_line_size_truncate: true,
      // logs end by their age only: nobody deletes what others may have to read
      deletion_mode: "disabled",
      volume_enabled: true,
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: "index_label", attributes: STREAM_ATTRIBUTES }],
        },
      },
    },
    runtime_config: { file: `${OVERRIDES_FOLDER}/${OVERRIDES_FILE}`, period: "10s" },
    // the cache would ask before each answer what was deleted since, which is an error where nothing can be
    query_range: { cache_results: false },
    // who uses what is nobody's business outside
    analytics: { reporting_enabled: false },
    tracing: { enabled: false },
  };
}

/** What differs from the configuration file, tenant by tenant. */
export function overridesFile(tenants: Readonly<Record<string, LogLimits>>): object {
  return {
    overrides: Object.fromEntries(Object.entries(tenants).map(([name, limits]) => [name, tenantLimits(limits)])),
  };
}

function tenantLimits({ ingestionMegabytesPerSecond, retentionDays }: LogLimits): object {
  return {
    retention_period: `${retentionDays * 24}h`,
    ingestion_rate_mb: ingestionMegabytesPerSecond,
    // at least one batch of a collector: the burst is what a single request may bring
    ingestion_burst_size_mb: Math.max(2 * ingestionMegabytesPerSecond, 16),
  };
}

function bucket(store: ObjectStore): object {
  if (store.kind === "filesystem") return { filesystem: { dir: `${DATA_FOLDER}/objects` } };
  return {
    s3: {
      bucket_name: store.bucket,
      region: store.region,
      endpoint: store.endpoint ?? `s3.${store.region}.amazonaws.com`,
    },
  };
}
