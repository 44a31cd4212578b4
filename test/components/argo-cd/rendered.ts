/** Argo CD as a test renders it, and how it finds its way in what is rendered. */
import { parse } from "yaml";
import { type ArgoCdArgs, ArgoCdChart } from "../../../components/argo-cd";
import type { ArgoCdHub, DeliveredTenant } from "../../../components/argo-cd/settings";
import { type KubeObject, objectsOf } from "../../../components/kube-object";

const image = (name: string) => `registry.example/${name}:v1@sha256:${"a".repeat(64)}`;

/** A tenant on two clusters, with something to synchronise. */
export const shop: DeliveredTenant = {
  name: "shop",
  team: "payments",
  group: "acme:payments",
  clusters: ["hub", "east"],
  namespaces: ["shop", "shop-jobs"],
  repositories: ["https://git.example/shop-charts.git"],
  delivery: {
    repository: "https://git.example/shop.git",
    path: "clusters/{cluster}",
    revision: "main",
    namespace: "shop",
    prune: false,
  },
};

/** A tenant that deploys by itself. */
export const catalogue: DeliveredTenant = {
  name: "catalogue",
  team: "search",
  group: "acme:search",
  clusters: ["east", "west"],
  namespaces: ["catalogue"],
  repositories: [],
};

/** Required arguments, with two tenants on three clusters. */
export const hub: ArgoCdHub = {
  environment: "dev",
  management: { kind: "managed", images: { argoCd: image("argocd"), redis: image("redis") } },
  issuer: { name: "platform-ca", awaited: true },
  tenants: [shop, catalogue],
  steps: [["east"], ["west"], ["hub"]],
};

export const onHub: ArgoCdArgs = { tenantNamespaces: ["shop", "shop-jobs"], hub };

export const onSpoke: ArgoCdArgs = { tenantNamespaces: ["shop", "shop-jobs", "catalogue"] };

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

const rendered = new Map<string, KubeObject[]>();

/** Rendered once per arguments: upstream's schemas alone are a megabyte. */
export function render(args: ArgoCdArgs = onHub): KubeObject[] {
  const key = JSON.stringify(args);
  const objects = rendered.get(key) ?? objectsOf(new ArgoCdChart(args));
  rendered.set(key, objects);
  return objects;
}

/** The hub with other settings. */
export const withHub = (changes: Partial<ArgoCdHub>): ArgoCdArgs => ({ ...onHub, hub: { ...hub, ...changes } });

/** `Kind/name`. */
export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

/** Every Deployment and StatefulSet. */
export const programsOf = (objects: readonly KubeObject[]): Rendered[] =>
  objects.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");

/** A key of `argocd-cm`, read as YAML. */
export const setting = (key: string, args: ArgoCdArgs = onHub): Rendered =>
  parse(find(render(args), "ConfigMap/argocd-cm").data[key]);
