/** Loki as a test renders it, and how it finds its way in what is rendered. */
import { parse } from "yaml";
import type { KubeObject } from "../../../components/kube-object";
import { type LokiArgs, lokiPart } from "../../../components/loki";

/** Required arguments only, with a bucket. */
export const required: LokiArgs = {
  environment: "dev",
  image: `registry.example/loki:3.7.8@sha256:${"a".repeat(64)}`,
  issuer: { name: "platform-ca", awaited: true },
  objectStore: { kind: "s3", bucket: "acme-logs", region: "eu-central-1" },
};

export const inFolder: Partial<LokiArgs> = { objectStore: { kind: "filesystem" } };

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

export const part = (args: Partial<LokiArgs> = {}) => lokiPart({ ...required, ...args });

/** `Kind/name`. */
export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

export const configurationOf = (args: Partial<LokiArgs> = {}): Rendered =>
  parse(find(part(args).objects, "ConfigMap/loki").data["config.yaml"]);

export const overridesOf = (args: Partial<LokiArgs> = {}): Rendered =>
  parse(find(part(args).objects, "ConfigMap/loki-overrides").data["overrides.yaml"]).overrides;

export const setOf = (args: Partial<LokiArgs> = {}): Rendered => find(part(args).objects, "StatefulSet/loki").spec;
