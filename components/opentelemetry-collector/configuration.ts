/**
 * What the configurations of all collectors have in common: how a collector is asked for its health and its own metrics,
 * what keeps it inside its memory, and how it holds what it could not send yet.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/
 */

/** Kinds of telemetry. */
export const SIGNALS = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof SIGNALS)[number];

/**
 * Types of components as the pinned version spells them, where a later one has another name: from 0.154 `load_balancing`
 * and `prometheus_remote_write`. The old names will be refused one day, so they stand here and nowhere else.
 */
export const SPELT = { loadBalancing: "loadbalancing", prometheusRemoteWrite: "prometheusremotewrite" } as const;

/** Where a collector finds its key, its certificate and the platform's CA. */
export const TLS_FOLDER = "/etc/otelcol-tls";

/** Ports of every collector; OTLP's are registered with IANA, the others are the program's own defaults. */
export const OTLP_GRPC_PORT = 4317;
export const OTLP_HTTP_PORT = 4318;
export const HEALTH_PORT = 13_133;
/** Beside OTLP's own, so that a pod knows other clusters by the port that they come to. */
export const CLUSTERS_PORT = 14_317;
export const METRICS_PORT = 8888;

/** A part of a configuration file: components by `type/name`. */
export type Components = Readonly<Record<string, object>>;

/** One way that telemetry takes through a collector. */
export interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** A configuration but for what all collectors have in common. */
export interface Configuration {
  readonly receivers: Components;
  /** Besides `memory_limiter`. */
  readonly processors: Components;
  readonly exporters: Components;
  readonly connectors?: Components;
  /** Besides `health_check`. */
  readonly extensions?: Components;
  /** By `signal` or `signal/name`. `memory_limiter` goes in front of each one's processors. */
  readonly pipelines: Readonly<Record<string, Pipeline>>;
}

/** Memory is looked at each second. Above 60 % (80 − 20) data is refused, so that senders slow down; above 80 % memory is freed as well. Upstream's advice. */
const MEMORY_LIMITER = { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 };

/** Upstream's own where no reader is given: dashboards and alerts of others know the metrics by these names. */
const UPSTREAM_NAMES = { without_scope_info: true, without_type_suffix: true, without_units: true };

/** The whole file. */
export function configurationFile(configuration: Configuration): object {
  const { connectors = {}, exporters, extensions = {}, pipelines, processors, receivers } = configuration;
  return {
    extensions: { health_check: { endpoint: listensOn(HEALTH_PORT) }, ...extensions },
    receivers,
    processors: { memory_limiter: MEMORY_LIMITER, ...processors },
    exporters,
    ...(Object.keys(connectors).length > 0 ? { connectors } : {}),
    service: {
      extensions: ["health_check", ...Object.keys(extensions)],
      telemetry: {
        logs: { level: "info", encoding: "json" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: POD_IP, port: METRICS_PORT, ...UPSTREAM_NAMES } } } }],
        },
      },
      pipelines: Object.fromEntries(
        Object.entries(pipelines).map(([name, pipeline]) => [
          name,
          { ...pipeline, processors: ["memory_limiter", ...pipeline.processors] },
        ]),
      ),
    },
  };
}

/** Variable of the container: the collector listens on the pod's own address, not on every one. */
const POD_IP = `\${env:POD_IP}`;

/** An address to listen on, of either family: brackets are needed for IPv6 and allowed for IPv4. */
export const listensOn = (port: number) => `[${POD_IP}]:${port}`;

/** Certificates are renewed a month before their end; files are read again each hour. 1.3: both ends are ours. */
const KEPT_CURRENT = { reload_interval: "1h", min_version: "1.3" };

/**
 * OTLP from collectors, over mutual TLS. A connection ends after five minutes: it is bound to one pod, and a pod that
 * was added gets its share only when connections are made anew.
 */
const otlpFromCollectors = (port: number): object => ({
  protocols: {
    grpc: {
      endpoint: listensOn(port),
      keepalive: { server_parameters: { max_connection_age: "5m", max_connection_age_grace: "30s" } },
      tls: {
        cert_file: `${TLS_FOLDER}/tls.crt`,
        key_file: `${TLS_FOLDER}/tls.key`,
        // whoever has no certificate of this CA is not served
        client_ca_file: `${TLS_FOLDER}/ca.crt`,
        client_ca_file_reload: true,
        ...KEPT_CURRENT,
      },
    },
  },
});

/** From collectors of this cluster. */
export const FROM_COLLECTORS: Components = { otlp: otlpFromCollectors(OTLP_GRPC_PORT) };

/** Receiver of what collectors of other clusters send, which is finished: it has a tenant, and traces are chosen. */
export const OTLP_CLUSTERS = "otlp/clusters";

/** From collectors of other clusters. */
export const FROM_CLUSTERS: Components = { [OTLP_CLUSTERS]: otlpFromCollectors(CLUSTERS_PORT) };

/** Towards whoever has a certificate of the platform's CA, with an own one. */
export const MUTUAL_TLS = {
  ca_file: `${TLS_FOLDER}/ca.crt`,
  cert_file: `${TLS_FOLDER}/tls.crt`,
  key_file: `${TLS_FOLDER}/tls.key`,
  ...KEPT_CURRENT,
};

/**
 * What an exporter holds while it cannot send, and how it puts batches together. Batching in the exporter's own queue
 * instead of a `batch` processor is upstream's advice: what was not sent is known to whoever sent it.
 *
 * @param mebibytes the most that the queue holds; more is refused, and whoever sent it tries again
 */
export function sendingQueue(mebibytes: number): object {
  return {
    sizer: "bytes",
    queue_size: mebibytes * 1024 * 1024,
    // 8192 spans, points or records, or what came within 200 ms: the batch processor's own defaults
    batch: { sizer: "items", min_size: 8192, max_size: 8192, flush_timeout: "200ms" },
  };
}
