/**
 * Argo CD: brings what tenants keep in Git to the clusters, step by step. Its programs run on the hub; every cluster has an
 * account by which they act there, in tenants' namespaces only.
 *
 *     repository ──▶ Application (per tenant and cluster) ──argocd-manager──▶ tenant's namespaces
 *                       ▲ made by the ApplicationSet, bounded by the tenant's AppProject
 *
 * The manifests are upstream's, changed by overlays. What Pulumi makes is never Argo CD's, and the other way round.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.5/
 */
import { App, Chart } from "cdk8s";
import { argoCdAlerts } from "./argo-cd/alerts";
import { applicationSets } from "./argo-cd/application-set";
import { certificates } from "./argo-cd/certificates";
import { argoCdSecrets } from "./argo-cd/cluster-secrets";
import { manager } from "./argo-cd/manager";
import { argoCdDepartures, argoCdFlows, argoCdScrapeTargets } from "./argo-cd/network";
import { argoCdOverlays } from "./argo-cd/overlays";
import { budget } from "./argo-cd/programs";
import { ARGO_CD_NAMESPACE, lockedDefaultProject, tenantProject } from "./argo-cd/projects";
import { ARGO_CD_SIZES, type ArgoCdHub, type ArgoCdImages } from "./argo-cd/settings";
import { type KubeObject, objectsOf } from "./kube-object";
import { requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import { overlaid } from "./overlay";
import type { Part } from "./part";
import { upstreamObjects } from "./upstream";

export interface ArgoCdArgs {
  /** Namespaces of this cluster's tenants, DNS labels: where Argo CD's account may write. */
  readonly tenantNamespaces: readonly string[];
  /** What exists once. @default none: this cluster is a spoke */
  readonly hub?: ArgoCdHub;
}

/**
 * The manifests of one cluster.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class ArgoCdChart extends Chart {
  constructor({ hub, tenantNamespaces }: ArgoCdArgs) {
    super(new App(), "argo-cd", { disableResourceNameHashes: true });
    for (const namespace of tenantNamespaces) requireDnsLabel("argo-cd", "tenantNamespaces", namespace);
    if (hub) checkHub(hub);
    const objects = [
      ...manager(tenantNamespaces),
      ...(hub?.management.kind === "managed" ? managed(hub, hub.management.images) : []),
      ...(hub ? [lockedDefaultProject(), ...hub.tenants.map(tenantProject), ...applicationSets(hub)] : []),
    ];
    for (const object of objects) {
      const { name, namespace = "" } = object.metadata;
      new Manifest(this, `${object.kind}-${namespace}-${name}`, object);
    }
  }
}

/** All of it. */
export function argoCdPart(args: ArgoCdArgs): Part {
  const objects = objectsOf(new ArgoCdChart(args));
  const { hub } = args;
  const secrets = hub ? argoCdSecrets(hub) : [];
  if (hub?.management.kind !== "managed") return { name: "argo-cd", namespaces: [], flows: [], objects, secrets };
  return {
    name: "argo-cd",
    namespaces: [{ name: ARGO_CD_NAMESPACE }],
    flows: argoCdFlows(hub),
    objects,
    scrapeTargets: argoCdScrapeTargets(),
    alerts: argoCdAlerts(),
    departures: argoCdDepartures(),
    secrets,
  };
}

function managed(hub: ArgoCdHub, images: ArgoCdImages): KubeObject[] {
  const { issuer, repoServerReplicas = 2, serverReplicas = 2, url } = hub;
  const sizes = { ...ARGO_CD_SIZES, ...hub.sizes };
  const settings = { hub, images, repoServerReplicas, serverReplicas, sizes };
  const own = overlaid("argo-cd", upstreamObjects("argo-cd"), argoCdOverlays(settings)).map(placed);
  const isWorkload = ({ kind }: KubeObject) => kind === "Deployment" || kind === "StatefulSet";
  const replicasOf = ({ spec }: KubeObject) => (spec as { readonly replicas: number }).replicas;
  return [
    ...own,
    ...own.filter(isWorkload).flatMap((workload) => budget(workload, replicasOf(workload))),
    ...certificates(issuer, url === undefined ? undefined : new URL(url).hostname),
  ];
}

/** Upstream leaves the namespace to whoever applies its manifests. */
function placed(object: KubeObject): KubeObject {
  if (object.kind === "CustomResourceDefinition") return object;
  const { subjects } = object as { readonly subjects?: readonly object[] };
  return {
    ...object,
    metadata: { ...object.metadata, namespace: ARGO_CD_NAMESPACE },
    ...(subjects ? { subjects: subjects.map((subject) => ({ ...subject, namespace: ARGO_CD_NAMESPACE })) } : {}),
  };
}

/** @throws Error naming the field, its value and the bound */
function checkHub({ environment, management, steps, tenants, ...hub }: ArgoCdHub): void {
  requireDnsLabel("argo-cd", "environment", environment);
  requireDnsLabel("argo-cd", "issuer.name", hub.issuer.name);
  if (management.kind === "managed") {
    for (const [program, image] of Object.entries(management.images)) {
      if (image.trim() !== "") continue;
      throw new Error(`argo-cd: management.images.${program} is empty, must be registry/repository:tag@sha256:digest`);
    }
  }
  between("serverReplicas", hub.serverReplicas, 2, 5, "one must be left when a node is drained");
  between("repoServerReplicas", hub.repoServerReplicas, 2, 10, "one must be left when a node is drained");
  for (const [program, size] of Object.entries(hub.sizes ?? {})) {
    between(`sizes.${program}.cpuMillicores`, size?.cpuMillicores, 10, 16_000, "it answers people and webhooks");
    between(`sizes.${program}.memoryMiB`, size?.memoryMiB, 64, 65_536, "it holds objects in memory");
  }
  const stepped = steps.flat();
  for (const { clusters, delivery, name, namespaces } of tenants) {
    requireDnsLabel("argo-cd", "tenants", name);
    if (name === "default")
      throw new Error('argo-cd: tenants has "default", must be another name: that project is locked');
    const stray = clusters.find((cluster) => !stepped.includes(cluster));
    if (delivery && stray !== undefined) {
      throw new Error(`argo-cd: steps has no cluster ${stray} of tenant ${name}, must have every cluster once`);
    }
    if (delivery && !namespaces.includes(delivery.namespace)) {
      throw new Error(
        `argo-cd: delivery.namespace of tenant ${name} is "${delivery.namespace}", must be one of ${namespaces.join(", ")}`,
      );
    }
  }
  const twice = stepped.find((cluster, index) => stepped.indexOf(cluster) < index);
  if (twice !== undefined) throw new Error(`argo-cd: steps has cluster ${twice} twice, must have every cluster once`);
}

function between(field: string, value: number | undefined, least: number, most: number, reason: string): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new Error(`argo-cd: ${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
}
