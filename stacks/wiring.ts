/** Whether what an environment becomes fits together, cluster by cluster, and where one cluster leads to another. */
import { clusterFlows } from "../components/cluster-base";
import { clusterBase, clusterObjects, clusterParts } from "../components/cluster-parts";
import type { KubeObject } from "../components/kube-object";
import { danglingReferences } from "../components/wiring";
import { servicePorts, type WiredCluster } from "../components/wiring/cluster-index";
import { brought } from "./brought";
import { clusterArgs } from "./cluster-args";
import type { Environment } from "./environment";
import { INGEST_SERVICES, ingestHost } from "./ingest-host";

/** One reference that leads nowhere. */
export interface DanglingReference {
  readonly cluster: string;
  /** The object, the field, and what it names. */
  readonly message: string;
}

/** Every reference of every cluster that leads nowhere; no cluster is asked. */
export function environmentWiring(environment: Environment): DanglingReference[] {
  return wiredClusters(environment).flatMap(({ cluster, wired }) =>
    danglingReferences(wired).map((message) => ({ cluster, message })),
  );
}

/** What each cluster is made of, who may talk to whom in it, and what comes from elsewhere. */
export function wiredClusters(environment: Environment): { cluster: string; wired: WiredCluster }[] {
  const made = Object.entries(environment.clusters).map(([cluster, { role }]) => {
    const args = clusterArgs(environment, cluster, environment.name);
    const parts = clusterParts(args);
    return {
      cluster,
      role,
      objects: clusterObjects(args, parts).map(({ object }) => object),
      flows: clusterFlows(clusterBase(args, parts)),
    };
  });
  const hub = made.find(({ role }) => role === "hub");
  const ports = loadBalancerPorts(hub?.objects ?? []);
  const hosts = new Map(INGEST_SERVICES.map((service) => [ingestHost(environment, service), ports]));
  return made.map(({ cluster, flows, objects }) => ({
    cluster,
    wired: { objects, flows, brought: brought(environment), foreignNamespaces: foreignNamespaces(environment), hosts },
  }));
}

/** Namespaces of components, by the name of their settings. */
const NAMESPACES: Readonly<Record<string, readonly string[]>> = {
  alertmanager: ["alertmanager"],
  argoCd: ["argocd"],
  argoRollouts: ["argo-rollouts"],
  certManager: ["cert-manager"],
  grafana: ["grafana"],
  istio: ["istio-system", "istio-ingress", "istio-egress", "istio-eastwest"],
  jaeger: ["jaeger"],
  loki: ["loki"],
  openTelemetryCollector: ["opentelemetry", "opentelemetry-agent"],
  prometheus: ["prometheus"],
  thanos: ["thanos"],
};

/** Namespaces of what somebody else installs. */
function foreignNamespaces({ components }: Environment): string[] {
  const settings: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = components;
  return Object.entries(NAMESPACES).flatMap(([setting, names]) =>
    settings[setting]?.management === "external" ? names : [],
  );
}

const loadBalancerPorts = (objects: readonly KubeObject[]): number[] =>
  objects
    .filter(({ kind, spec }) => kind === "Service" && (spec as { type?: string }).type === "LoadBalancer")
    .flatMap(servicePorts)
    .map(({ port }) => port);
