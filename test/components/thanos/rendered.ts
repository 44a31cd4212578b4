/** Thanos as a test renders it, and how it finds its way in what is rendered. */
import { parse } from "yaml";
import type { KubeObject } from "../../../components/kube-object";
import { type ThanosArgs, thanosPart } from "../../../components/thanos";

export const required: ThanosArgs = {
  environment: "dev",
  cluster: "hub",
  clusters: ["hub", "eu-1"],
  owner: "platform",
  image: `registry.example/thanos:v0.42.4@sha256:${"a".repeat(64)}`,
  issuer: { name: "platform-ca", awaited: true },
  objectStore: { kind: "filesystem" },
  defaultTenant: "platform",
};
export const s3: Partial<ThanosArgs> = {
  objectStore: {
    kind: "s3",
    bucket: "acme-metrics",
    region: "eu-central-1",
    roleArn: "arn:aws:iam::111122223333:role/thanos",
  },
  ingest: {
    host: "ingest.acme.example",
    serviceAnnotations: { "example.com/kind": "network" },
    sourceRanges: ["10.0.0.0/8"],
  },
  alertTarget: {
    host: "alertmanager-pods.alertmanager.svc",
    port: 9093,
    serverName: "alertmanager.alertmanager.svc",
    to: { namespace: "alertmanager", pods: "all" },
    ports: [{ port: 9093, protocol: "TCP" }],
  },
};

export const part = (args: Partial<ThanosArgs> = {}) => thanosPart({ ...required, ...args });

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

export const WORKLOADS: Readonly<Record<string, string>> = {
  "thanos-receive": "Deployment",
  "thanos-receive-ingestor": "StatefulSet",
  "thanos-query": "Deployment",
  "thanos-query-frontend": "Deployment",
  "thanos-store": "StatefulSet",
  "thanos-compact": "StatefulSet",
  "thanos-rule": "StatefulSet",
};

export const podOf = (name: string, args: Partial<ThanosArgs> = {}): Rendered =>
  find(part(args).objects, `${WORKLOADS[name]}/${name}`).spec.template.spec;
export const flagsOf = (name: string, args: Partial<ThanosArgs> = {}): string[] => podOf(name, args).containers[0].args;
export const flag = (name: string, named: string, args: Partial<ThanosArgs> = {}) =>
  flagsOf(name, args)
    .filter((each) => each.startsWith(`--${named}=`))
    .map((each) => each.slice(named.length + 3));
export const file = (name: string, key: string, args: Partial<ThanosArgs> = {}): Rendered =>
  parse(find(part(args).objects, `ConfigMap/${name}`).data[key]);
