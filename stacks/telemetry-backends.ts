/**
 * Where the collectors of a cluster send what they gathered: on the hub to the stores, on spokes to the hub.
 *
 *     spoke: gateway, sampler ──OTLP, mutual TLS──▶ hub's load balancer ──▶ hub: gateway ──tenant's header──▶ stores
 */
import { ANYWHERE, type FlowPort } from "../components/flow";
import { JAEGER_COLLECTOR } from "../components/jaeger";
import { LOKI } from "../components/loki";
import type { Backend, Backends } from "../components/opentelemetry-collector/backends";
import { OTLP_GRPC_PORT, SIGNALS } from "../components/opentelemetry-collector/configuration";
import {
  RECEIVE_HOST,
  RECEIVE_PODS,
  REMOTE_WRITE_PORT,
  remoteWriteUrl,
  TENANT_HEADER,
} from "../components/thanos/names";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";
import { keepsTraces } from "./jaeger-args";
import { keepsLogs } from "./loki-args";

/**
 * The backends of one cluster's collectors. A signal that nobody stores has none, on spokes either: it is dropped where
 * it arises.
 */
export function telemetryBackends(environment: Environment, name: string): Backends {
  const stores = storesOf(environment);
  if (environment.clusters[name]?.role === "hub") return stores;
  const hub = towardsHub(environment);
  return Object.fromEntries(SIGNALS.flatMap((signal) => (stores[signal] ? [[signal, hub]] : [])));
}

/** The stores of an environment, as its hub reaches them. */
function storesOf(environment: Environment): Backends {
  const { jaeger, loki, thanos } = environment.components;
  const traces = keepsTraces(environment) ? JAEGER : external(jaeger, "otlp_grpc");
  const logs = keepsLogs(environment) ? LOGS : external(loki, "otlp_http");
  return {
    ...(traces ? { traces } : {}),
    ...(thanos.management === "managed" ? { metrics: METRICS } : {}),
    ...(logs ? { logs } : {}),
  };
}

/** One store for all tenants: a span says in `tenant_id` whose it is. */
const JAEGER: Backend = { ...JAEGER_COLLECTOR, protocol: "otlp_grpc", tls: "platform" };

const LOGS: Backend = {
  endpoint: `${LOKI.url}/otlp`,
  protocol: "otlp_http",
  tls: "platform",
  tenantHeader: LOKI.tenantHeader,
  peer: LOKI.peer,
  ports: LOKI.ports,
};

const METRICS: Backend = {
  endpoint: remoteWriteUrl(RECEIVE_HOST),
  protocol: "prometheus_remote_write",
  tls: "platform",
  tenantHeader: TENANT_HEADER,
  peer: RECEIVE_PODS,
  ports: [{ port: REMOTE_WRITE_PORT, protocol: "TCP" }],
};

/** The hub knows the spokes by their certificates, and believes what they say of tenants. */
function towardsHub(environment: Environment): Backend {
  const { cidrs } = environment.components.openTelemetryCollector.ingest;
  return {
    endpoint: `${ingestHost(environment, "otlp")}:${OTLP_GRPC_PORT}`,
    protocol: "otlp_grpc",
    tls: "platform",
    peer: { cidrs: cidrs ?? ANYWHERE, reason: "the hub is another cluster, reached by its load balancer" },
    ports: [{ port: OTLP_GRPC_PORT, protocol: "TCP" }],
  };
}

type Settings = Environment["components"]["loki" | "jaeger"];

function external({ external: store, management }: Settings, protocol: Backend["protocol"]): Backend | undefined {
  if (management !== "external" || store === undefined) return undefined;
  const { cidrs = ANYWHERE, endpoint, tenantHeader, tls } = store;
  return {
    endpoint,
    protocol,
    tls,
    ...(tenantHeader === undefined ? {} : { tenantHeader }),
    peer: { cidrs, reason: "the store is somebody else's, outside of the cluster" },
    ports: [portOf(endpoint)],
  };
}

const portOf = (endpoint: string): FlowPort => ({
  port: Number(/^(?:https:\/\/)?[^/:]+:(\d+)/.exec(endpoint)?.[1] ?? 443),
  protocol: "TCP",
});
