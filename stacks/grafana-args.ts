/** From an environment to the hub's Grafana: which stores it can ask follows from which there are. */
import { ALERTMANAGER_HOST, ALERTMANAGER_NAMESPACE, ALERTMANAGER_PORT } from "../components/alertmanager/program";
import type { GrafanaArgs } from "../components/grafana";
import type { Database } from "../components/grafana/database";
import type { Source, Sources } from "../components/grafana/sources";
import { JAEGER_QUERY } from "../components/jaeger";
import { LOKI } from "../components/loki";
import { PLATFORM_TENANT } from "../components/tenant";
import { HTTP_PORT, QUERY_FRONTEND_PODS, QUERY_URL, TENANT_HEADER } from "../components/thanos/names";
import type { Environment } from "./environment";
import { keepsTraces } from "./jaeger-args";
import { keepsLogs } from "./loki-args";
import { platformIssuer } from "./sandbox-controllers";

const tcp = (port: number) => [{ port, protocol: "TCP" }] as const;

const METRICS: Source = {
  url: QUERY_URL,
  tenantHeader: TENANT_HEADER,
  to: QUERY_FRONTEND_PODS,
  ports: tcp(HTTP_PORT),
};

const LOGS: Source = {
  url: LOKI.url,
  serverName: new URL(LOKI.url).hostname,
  tenantHeader: LOKI.tenantHeader,
  to: LOKI.peer,
  ports: LOKI.ports,
};

/** One store for all tenants: a span says whose it is. */
const TRACES: Source = { url: JAEGER_QUERY.url, to: JAEGER_QUERY.peer, ports: JAEGER_QUERY.ports };

const ALERTS: Source = {
  url: `https://${ALERTMANAGER_HOST}:${ALERTMANAGER_PORT}`,
  serverName: ALERTMANAGER_HOST,
  to: { namespace: ALERTMANAGER_NAMESPACE, pods: "all" },
  ports: tcp(ALERTMANAGER_PORT),
};

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined on spokes, and where Grafana is somebody else's, or off
 */
export function grafanaArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): GrafanaArgs | undefined {
  const { clusters, components, tenants } = environment;
  const { database, management, replicas, rootUrl, secretName, storageClass, storageGiB } = components.grafana;
  if (management !== "managed" || clusters[name]?.role !== "hub") return undefined;
  return {
    environment: environment.name,
    image: image("grafana"),
    issuer: platformIssuer(environment),
    secretName,
    rootUrl,
    platformTenant: PLATFORM_TENANT,
    tenants: Object.keys(tenants),
    sources: sourcesOf(environment),
    ...(database ? { database: databaseOf(database) } : {}),
    ...(replicas === undefined ? {} : { replicas }),
    storageGiB,
    storageClassName: storageClass,
  };
}

/** The stores that the hub has. */
function sourcesOf(environment: Environment): Sources {
  const { alertmanager, thanos } = environment.components;
  return {
    ...(thanos.management === "managed" ? { metrics: METRICS } : {}),
    ...(keepsLogs(environment) ? { logs: LOGS } : {}),
    ...(keepsTraces(environment) ? { traces: TRACES } : {}),
    ...(alertmanager.management === "managed" ? { alerts: ALERTS } : {}),
  };
}

function databaseOf({ cidrs, ...database }: NonNullable<Environment["components"]["grafana"]["database"]>): Database {
  return {
    ...database,
    to: { cidrs, reason: "the database is outside of the cluster's pods" },
    ports: tcp(Number(database.host.split(":")[1])),
  };
}
