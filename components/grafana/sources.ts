/**
 * What Grafana asks: for each tenant the stores of metrics, logs and traces, each told by a header whose data is meant;
 * and the Alertmanager of all.
 *
 * Every source is a file's, so that nothing that is clicked together outlives a restart, and what is no longer listed goes.
 *
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 */
import type { FlowPort, Peer } from "../flow";
import { FOLDERS } from "./names";

/** One store. */
export interface Source {
  /** `http://host:port`, or `https` where `serverName` is given. */
  readonly url: string;
  /** Name in its certificate, which the platform's CA signed; both ends show one. @default none: in the clear, within the cluster */
  readonly serverName?: string;
  /** HTTP header that names the tenant. @default none: it has one tenant */
  readonly tenantHeader?: string;
  /** Its pods, for the network policy. */
  readonly to: Peer;
  /** Ports as those pods listen. */
  readonly ports: readonly FlowPort[];
}

/** The stores, by what they keep; an absent one is not offered. */
export type Sources = Readonly<Partial<Record<"metrics" | "logs" | "traces" | "alerts", Source>>>;

/** Identifier of the source of one tenant, by which dashboards and other sources name it; of all where it has one tenant. */
export const sourceUid = (kind: keyof Sources, { tenantHeader }: Source, tenant: string) =>
  tenantHeader === undefined ? kind : `${kind}-${tenant}`;

/** The file of sources. `platform` comes first: its metrics are what a panel asks that names nothing else. */
export function sourcesFile(sources: Sources, platform: string, tenants: readonly string[]): object {
  const all = [platform, ...tenants].flatMap((tenant) => tenantSources(sources, tenant));
  // a store of one tenant was listed with each
  const distinct = [...new Map(all.map((each) => [each.uid, each])).values()];
  return {
    apiVersion: 1,
    // what a file no longer lists is deleted, a tenant's sources with the tenant
    prune: true,
    datasources: [
      ...distinct.map((each, index) => (index === 0 ? { ...each, isDefault: true } : each)),
      ...(sources.alerts ? [alertmanager(sources.alerts)] : []),
    ],
  };
}

function tenantSources({ logs, metrics, traces }: Sources, tenant: string) {
  return [
    ...(metrics ? [source("metrics", "prometheus", metrics, tenant, METRICS_SETTINGS)] : []),
    ...(logs ? [source("logs", "loki", logs, tenant, { manageAlerts: false, ...toTraces(traces, tenant) })] : []),
    ...(traces
      ? [source("traces", "jaeger", traces, tenant, { nodeGraph: { enabled: true }, ...toLogs(logs, traces, tenant) })]
      : []),
  ];
}

/** Asked as often as Prometheus scrapes; rules are shown by the Alertmanager's source. */
const METRICS_SETTINGS = { prometheusType: "Thanos", httpMethod: "POST", timeInterval: "30s", manageAlerts: false };

/** From a line of a log to the trace that it belongs to. */
function toTraces(traces: Source | undefined, tenant: string): object {
  if (traces === undefined) return {};
  const link = {
    name: "trace",
    matcherType: "label",
    matcherRegex: "trace_id",
    // two dollar signs: one would name a variable of the environment
    url: "$${__value.raw}",
    datasourceUid: sourceUid("traces", traces, tenant),
  };
  return { derivedFields: [link] };
}

/** From a span to the lines of its time; from a source of all tenants only where logs are of all tenants too. */
function toLogs(logs: Source | undefined, traces: Source, tenant: string): object {
  if (logs === undefined || (traces.tenantHeader === undefined && logs.tenantHeader !== undefined)) return {};
  return {
    tracesToLogsV2: {
      datasourceUid: sourceUid("logs", logs, tenant),
      filterByTraceID: true,
      spanStartTimeShift: "-5m",
      spanEndTimeShift: "5m",
    },
  };
}

function source(kind: "metrics" | "logs" | "traces", type: string, store: Source, tenant: string, settings: object) {
  const { serverName, tenantHeader, url } = store;
  const header = tenantHeader === undefined ? {} : { httpHeaderName1: tenantHeader };
  // that Grafana keeps a header's value as if it were a secret does not make it one
  const value = tenantHeader === undefined ? {} : { httpHeaderValue1: tenant };
  return {
    ...shared(type, url),
    name: tenantHeader === undefined ? kind : `${kind} of ${tenant}`,
    uid: sourceUid(kind, store, tenant),
    jsonData: { ...settings, ...header, ...tlsSettings(serverName) },
    secureJsonData: { ...value, ...tlsFiles(serverName) },
  };
}

const alertmanager = ({ serverName, url }: Source): object => ({
  ...shared("alertmanager", url),
  name: "alerts",
  uid: "alerts",
  jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false, ...tlsSettings(serverName) },
  secureJsonData: tlsFiles(serverName),
});

const shared = (type: string, url: string) => ({ type, url, access: "proxy", orgId: 1, editable: false });

const tlsSettings = (serverName: string | undefined) =>
  serverName === undefined ? {} : { tlsAuth: true, tlsAuthWithCACert: true, serverName };

/** Read when Grafana starts: the certificate itself stands in no manifest. */
const tlsFiles = (serverName: string | undefined) =>
  serverName === undefined
    ? {}
    : {
        tlsCACert: `$__file{${FOLDERS.tls}/ca.crt}`,
        tlsClientCert: `$__file{${FOLDERS.tls}/tls.crt}`,
        tlsClientKey: `$__file{${FOLDERS.tls}/tls.key}`,
      };
