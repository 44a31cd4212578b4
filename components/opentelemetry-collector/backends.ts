/**
 * Where telemetry is stored: one endpoint per signal, and how it is told whose telemetry it gets.
 */
import type { FlowPort, Peer } from "../flow";
import { MUTUAL_TLS, type Signal, SPELT, sendingQueue } from "./configuration";

/** A store of one signal. */
export interface Backend {
  /** `host:port` for `otlp_grpc`; else a URL, `https` unless `tls` is `mesh`. */
  readonly endpoint: string;
  /** What it takes; `prometheus_remote_write` for metrics only. */
  readonly protocol: "otlp_grpc" | "otlp_http" | "prometheus_remote_write";
  /**
   * How the way there is protected: `platform`, mutual TLS with certificates of the platform's CA; `system`, TLS with a
   * public certificate; `mesh`, by the service mesh, so that the collector itself sends in the clear.
   */
  readonly tls: "platform" | "system" | "mesh";
  /** HTTP header or gRPC metadata that names the tenant, such as `X-Scope-OrgID`. @default none: the store has one tenant */
  readonly tenantHeader?: string;
  /** Its pods or addresses, for the flow that leads there. */
  readonly peer: Peer;
  /** Ports of the pods behind the endpoint, at least one. */
  readonly ports: readonly FlowPort[];
}

/** The stores, each optional: telemetry without one is received and dropped. */
export type Backends = Readonly<Partial<Record<Signal, Backend>>>;

/** An exporter: its type as the pinned version spells it, and its settings. */
export interface Exporter {
  readonly type: string;
  readonly settings: object;
}

/** The exporter that brings one tenant's telemetry to a store. */
export function exporterTo(backend: Backend, tenant: string, queueMiB: number): Exporter {
  const { endpoint, protocol, tenantHeader } = backend;
  const way = {
    endpoint,
    ...(backend.tls === "system" ? {} : { tls: backend.tls === "platform" ? MUTUAL_TLS : { insecure: true } }),
    ...(tenantHeader === undefined ? {} : { headers: { [tenantHeader]: tenant } }),
  };
  if (protocol !== "prometheus_remote_write") {
    return { type: protocol, settings: { ...way, sending_queue: sendingQueue(queueMiB) } };
  }
  const settings = {
    ...way,
    // attributes of the resource that tell pods apart; the others are in `target_info`
    resource_to_telemetry_conversion: { enabled: false },
    remote_write_queue: { enabled: true, queue_size: 10_000, num_consumers: 5 }, // the exporter's own defaults
  };
  return { type: SPELT.prometheusRemoteWrite, settings };
}

/** @throws Error naming the field, its value and the bound */
export function checkBackend(signal: Signal, { endpoint, ports, protocol, tenantHeader, tls }: Backend): void {
  const whose = `opentelemetry-collector: backends.${signal}`;
  if (protocol === "prometheus_remote_write" && signal !== "metrics") {
    throw new Error(`${whose}.protocol is ${protocol}, must be otlp_grpc or otlp_http: it carries metrics only`);
  }
  const scheme = tls === "mesh" ? "http" : "https";
  const [form, said] =
    protocol === "otlp_grpc"
      ? [/^[a-zA-Z0-9.-]+:[0-9]{1,5}$/, "host:port"]
      : [new RegExp(`^${scheme}://[a-zA-Z0-9.-]+(:[0-9]{1,5})?(/[\\w./-]*)?$`), `a URL that begins with ${scheme}://`];
  if (!form.test(endpoint)) {
    throw new Error(`${whose}.endpoint is "${endpoint}", must be ${said}, for protocol ${protocol} and tls ${tls}`);
  }
  if (tenantHeader !== undefined && !/^[A-Za-z][A-Za-z0-9-]*$/.test(tenantHeader)) {
    throw new Error(
      `${whose}.tenantHeader is "${tenantHeader}", must be letters, digits and '-', such as X-Scope-OrgID`,
    );
  }
  if (ports.length === 0)
    throw new Error(`${whose}.ports is empty, must name the ports of the pods behind the endpoint`);
}
