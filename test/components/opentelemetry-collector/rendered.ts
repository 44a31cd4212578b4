/** The collectors as a test renders them, and how it finds its way in what is rendered. */
import { parse } from "yaml";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import {
  type OpenTelemetryCollectorArgs,
  OpenTelemetryCollectorChart,
} from "../../../components/opentelemetry-collector";
import type { Backends } from "../../../components/opentelemetry-collector/backends";

/** Required arguments only. */
export const required: OpenTelemetryCollectorArgs = {
  environment: "dev",
  cluster: "hub",
  management: { kind: "managed", image: `registry.example/otelcol:0.152.0@sha256:${"a".repeat(64)}` },
  issuer: { name: "platform-ca", awaited: true },
  tenants: ["shop", "catalogue"],
  senders: ["shop", "shop-jobs", "catalogue"],
};

/** A store of each signal, each reached in another way. */
export const backends: Required<Backends> = {
  traces: {
    endpoint: "jaeger-collector.jaeger.svc:4317",
    protocol: "otlp_grpc",
    tls: "platform",
    tenantHeader: "x-tenant",
    peer: { namespace: "jaeger", pods: { "app.kubernetes.io/name": "jaeger" } },
    ports: [{ port: 4317, protocol: "TCP" }],
  },
  metrics: {
    endpoint: "https://metrics.example/api/v1/receive",
    protocol: "prometheus_remote_write",
    tls: "system",
    tenantHeader: "THANOS-TENANT",
    peer: { cidrs: ["192.0.2.0/24"], reason: "the store is outside of the cluster" },
    ports: [{ port: 443, protocol: "TCP" }],
  },
  logs: {
    endpoint: "http://loki.loki.svc:3100/otlp",
    protocol: "otlp_http",
    tls: "mesh",
    tenantHeader: "X-Scope-OrgID",
    peer: { namespace: "loki", pods: "all" },
    ports: [{ port: 3100, protocol: "TCP" }],
  },
};

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

export const render = (args: Partial<OpenTelemetryCollectorArgs> = {}): KubeObject[] =>
  objectsOf(new OpenTelemetryCollectorChart({ ...required, ...args }));

/** `Kind/name`. */
export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

/** The configuration file of `agent`, `gateway` or `sampler`. */
export const configurationOf = (which: string, args: Partial<OpenTelemetryCollectorArgs> = {}): Rendered =>
  parse(find(render(args), `ConfigMap/opentelemetry-${which}`).data["config.yaml"]);

/** The pod of `agent`, `gateway` or `sampler`. */
export const podOf = (which: string, args: Partial<OpenTelemetryCollectorArgs> = {}): Rendered =>
  render(args).filter(
    ({ metadata, spec }) => metadata.name === `opentelemetry-${which}` && (spec as Rendered)?.template !== undefined,
  )[0]?.spec;
