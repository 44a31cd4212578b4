/**
 * What all roles of Jaeger have in common: one program, whose configuration says what it is.
 *
 * Nothing of it listens that tells more than it should: no profiles, no variables, no pages of its inside (`pprof`,
 * `expvar`, `zpages`).
 *
 * @see https://www.jaegertracing.io/docs/2.20/deployment/configuration/
 */

/** Where a role finds its key, its certificate and the platform's CA. */
export const TLS_FOLDER = "/etc/jaeger-tls";

/** Ports: OTLP's as IANA has it, the others the program's own defaults. */
export const OTLP_GRPC_PORT = 4317;
export const QUERY_GRPC_PORT = 16_685;
export const QUERY_HTTP_PORT = 16_686;
export const SAMPLING_HTTP_PORT = 5778;
export const SAMPLING_GRPC_PORT = 5779;
export const REMOTE_STORAGE_PORT = 17_271;
export const HEALTH_PORT = 13_133;
export const METRICS_PORT = 8888;

/** A part of a configuration file: components by `type/name`. */
export type Components = Readonly<Record<string, object>>;

/** A role's own part of the configuration. */
export interface RoleConfiguration {
  readonly extensions: Components;
  /** Where spans come from. @default nowhere: the role has no pipeline of its own, and the program wants one */
  readonly receivers?: Components;
  /** Where spans go. */
  readonly exporters?: Components;
}

/** Variable of the container: the program listens on the pod's own address, not on every one. */
const POD_IP = `\${env:POD_IP}`;

/** An address to listen on, of either family. */
export const listensOn = (port: number) => `[${POD_IP}]:${port}`;

/** Memory is looked at each second. Above 60 % (80 − 20) spans are refused, so that senders slow down. Upstream's advice. */
const MEMORY_LIMITER = { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 };

/** Certificates are renewed a month before their end; files are read again each hour. 1.3: both ends are ours. */
const OWN_CERTIFICATE = {
  cert_file: `${TLS_FOLDER}/tls.crt`,
  key_file: `${TLS_FOLDER}/tls.key`,
  reload_interval: "1h",
  min_version: "1.3",
};

/** For a port that serves nobody without a certificate of the platform's CA. */
export const SERVES_KNOWN = {
  ...OWN_CERTIFICATE,
  client_ca_file: `${TLS_FOLDER}/ca.crt`,
  client_ca_file_reload: true,
};

/** Towards such a port. */
export const IS_KNOWN = { ...OWN_CERTIFICATE, ca_file: `${TLS_FOLDER}/ca.crt` };

/**
 * The whole file. There is no `batch` processor: whoever sends has made batches, and is told when they were not stored.
 */
export function configurationFile(role: string, { exporters, extensions, receivers }: RoleConfiguration): object {
  const pipeline = { receivers: receivers ?? { nop: {} }, exporters: exporters ?? { nop: {} } };
  return {
    extensions: {
      healthcheckv2: {
        use_v2: true,
        http: {
          endpoint: listensOn(HEALTH_PORT),
          status: { enabled: true, path: "/status" },
          config: { enabled: false },
        },
      },
      ...extensions,
    },
    receivers: pipeline.receivers,
    processors: { memory_limiter: MEMORY_LIMITER },
    exporters: pipeline.exporters,
    service: {
      extensions: ["healthcheckv2", ...Object.keys(extensions)],
      telemetry: {
        resource: { "service.name": `jaeger-${role}` },
        logs: { level: "info", encoding: "json" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: POD_IP, port: METRICS_PORT } } } }],
        },
      },
      pipelines: {
        traces: {
          receivers: Object.keys(pipeline.receivers),
          processors: ["memory_limiter"],
          exporters: Object.keys(pipeline.exporters),
        },
      },
    },
  };
}
