/** Grafana as a test renders it, and how it finds its way in what is rendered. */
import { parse } from "yaml";
import { type GrafanaArgs, grafanaPart } from "../../../components/grafana";
import type { Sources } from "../../../components/grafana/sources";
import type { KubeObject } from "../../../components/kube-object";

const tcp = (port: number) => [{ port, protocol: "TCP" }] as const;

export const sources: Sources = {
  metrics: {
    url: "http://thanos-query-frontend.thanos.svc:10902",
    tenantHeader: "THANOS-TENANT",
    to: { namespace: "thanos", pods: { "app.kubernetes.io/component": "query-frontend" } },
    ports: tcp(10_902),
  },
  logs: {
    url: "https://loki.loki.svc:3100",
    serverName: "loki.loki.svc",
    tenantHeader: "X-Scope-OrgID",
    to: { namespace: "loki", pods: "all" },
    ports: tcp(3100),
  },
  traces: { url: "http://jaeger-query.jaeger.svc:16686", to: { namespace: "jaeger", pods: "all" }, ports: tcp(16_686) },
  alerts: {
    url: "https://alertmanager.alertmanager.svc:9093",
    serverName: "alertmanager.alertmanager.svc",
    to: { namespace: "alertmanager", pods: "all" },
    ports: tcp(9093),
  },
};

export const required: GrafanaArgs = {
  environment: "dev",
  image: `registry.example/grafana:13.2.3@sha256:${"a".repeat(64)}`,
  issuer: { name: "platform-ca", awaited: true },
  platformTenant: "platform",
  tenants: ["shop", "catalogue"],
  sources,
};

export const database: NonNullable<GrafanaArgs["database"]> = {
  host: "db.acme.example:5432",
  name: "grafana",
  user: "grafana",
  secretName: "grafana-database",
  to: { cidrs: ["10.9.0.0/24"], reason: "the database is outside of the cluster's pods" },
  ports: tcp(5432),
};

export const part = (args: Partial<GrafanaArgs> = {}) => grafanaPart({ ...required, ...args });

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

export const podOf = (args: Partial<GrafanaArgs> = {}): Rendered =>
  find(part(args).objects, `${args.database ? "Deployment" : "StatefulSet"}/grafana`).spec.template.spec;

export const configurationOf = (file: string, args: Partial<GrafanaArgs> = {}): string =>
  find(part(args).objects, "ConfigMap/grafana").data[file];

export const datasources = (args: Partial<GrafanaArgs> = {}): Rendered[] =>
  parse(configurationOf("sources.yaml", args)).datasources;

/** `grafana.ini` as sections of keys. */
export function ini(args: Partial<GrafanaArgs> = {}): Readonly<Record<string, Record<string, string>>> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of configurationOf("grafana.ini", args).split("\n")) {
    const [, name] = /^\[(.+)\]$/.exec(line) ?? [];
    const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = {};
      sections[name] = section;
    }
    if (key !== undefined) section[key] = value ?? "";
  }
  return sections;
}
