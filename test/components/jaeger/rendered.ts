/** Jaeger as a test renders it, and how it finds its way in what is rendered. */
import { parse } from "yaml";
import { type JaegerArgs, jaegerPart } from "../../../components/jaeger";
import type { JaegerStorage } from "../../../components/jaeger/storage";
import type { KubeObject } from "../../../components/kube-object";

/** Required arguments only: what a spoke has. */
export const required: JaegerArgs = {
  image: `registry.example/jaeger:2.20.0@sha256:${"a".repeat(64)}`,
  issuer: { name: "platform-ca", awaited: true },
  askers: ["shop", "catalogue"],
};

/** One store of each kind. */
export const stores = {
  opensearch: {
    kind: "opensearch",
    urls: ["https://traces.example:9200"],
    secretName: "traces",
    caSecretName: "traces-ca",
    indexPrefix: "dev",
    retentionDays: 7,
  },
  elasticsearch: {
    kind: "elasticsearch",
    urls: ["https://traces.example"],
    secretName: "traces",
    indexPrefix: "dev",
    retentionDays: 14,
    cidrs: ["192.0.2.0/24"],
  },
  cassandra: {
    kind: "cassandra",
    hosts: ["cassandra.traces.svc"],
    datacenter: "dc1",
    keyspace: "jaeger",
    secretName: "traces",
    retentionDays: 7,
    storeNamespace: "traces",
  },
  memory: { kind: "memory", traces: 1000, reason: "nobody relies on it" },
} as const satisfies Readonly<Record<string, JaegerStorage>>;

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

export const part = (args: Partial<JaegerArgs> = {}) => jaegerPart({ ...required, ...args });

/** `Kind/name`. */
export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

/** The configuration of `collector`, `query` or `sampling`. */
export const configurationOf = (which: string, args: Partial<JaegerArgs> = {}): Rendered =>
  parse(find(part(args).objects, `ConfigMap/jaeger-${which}`).data["config.yaml"]);

/** The Deployment of `collector`, `query` or `sampling`. */
export const deploymentOf = (which: string, args: Partial<JaegerArgs> = {}): Rendered =>
  find(part(args).objects, `Deployment/jaeger-${which}`).spec;
