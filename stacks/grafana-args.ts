/** From an environment to the hub's Grafana: which stores it can ask follows from which there are. */
import { PLATFORM_ISSUER } from "../components/cert-manager/issuers";
import type { GrafanaArgs } from "../components/grafana";
import type { Database } from "../components/grafana/database";
import type { Source, Sources } from "../components/grafana/sources";
import { PLATFORM_TENANT, TENANT_HEADERS } from "../components/tenant";
import { HTTP_PORT, QUERY_FRONTEND_PODS, QUERY_URL, TENANT_HEADER } from "../components/thanos/names";
import type { Environment } from "./environment";
import { keepsTraces } from "./jaeger-args";
import { keepsLogs } from "./loki-args";

const tcp = (port: number) => [{ port, protocol: "TCP" }] as const;

/** Each kind of telemetry: the component that keeps it, and how that is asked. */
const STORES: Readonly<Record<keyof Sources, { readonly component: string; readonly source: Source }>> = {
  metrics: {
    component: "thanos",
    source: { url: QUERY_URL, tenantHeader: TENANT_HEADER, to: QUERY_FRONTEND_PODS, ports: tcp(HTTP_PORT) },
  },
  logs: {
    component: "loki",
    source: {
      url: "https://loki.loki.svc:3100",
      serverName: "loki.loki.svc",
      tenantHeader: TENANT_HEADERS.loki,
      to: { namespace: "loki", pods: "all" },
      ports: tcp(3100),
    },
  },
  traces: {
    component: "jaeger",
    source: {
      url: "http://jaeger-query.jaeger.svc:16686",
      to: { namespace: "jaeger", pods: "all" },
      ports: tcp(16_686),
    },
  },
  alerts: {
    component: "alertmanager",
    source: {
      url: "https://alertmanager.alertmanager.svc:9093",
      serverName: "alertmanager.alertmanager.svc",
      to: { namespace: "alertmanager", pods: "all" },
      ports: tcp(9093),
    },
  },
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
  const { clusters, components, sandbox, tenants } = environment;
  const { database, management, replicas, rootUrl, secretName, storageClass, storageGiB } = components.grafana;
  if (management !== "managed" || clusters[name]?.role !== "hub") return undefined;
  return {
    image: image("grafana"),
    issuer: { name: PLATFORM_ISSUER, awaited: !(sandbox?.withoutController.includes("cert-manager") ?? false) },
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

/** Those whose component the platform manages, and has a place to keep its data. */
function sourcesOf(environment: Environment): Sources {
  const components: Readonly<Record<string, object>> = environment.components;
  const managed = (component: string) => {
    const settings = components[component];
    if (component === "jaeger" && !keepsTraces(environment)) return false;
    if (component === "loki" && !keepsLogs(environment)) return false;
    return settings !== undefined && "management" in settings && settings.management === "managed";
  };
  return Object.fromEntries(
    Object.entries(STORES).flatMap(([kind, { component, source }]) => (managed(component) ? [[kind, source]] : [])),
  );
}

function databaseOf({ cidrs, ...database }: NonNullable<Environment["components"]["grafana"]["database"]>): Database {
  return {
    ...database,
    to: { cidrs, reason: "the database is outside of the cluster's pods" },
    ports: tcp(Number(database.host.split(":")[1])),
  };
}
