/** Whether what an environment becomes fits together, cluster by cluster, and where one cluster leads to another. */
import { clusterFlows } from "../components/cluster-base";
import { clusterBase, clusterObjects } from "../components/cluster-platform";
import type { KubeObject } from "../components/kube-object";
import { danglingReferences } from "../components/wiring";
import { type Brought, servicePorts, type WiredCluster } from "../components/wiring/cluster-index";
import { alertHost } from "./alertmanager-args";
import { clusterArgs } from "./cluster-args";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";

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
    return {
      cluster,
      role,
      objects: clusterObjects(args).map(({ object }) => object),
      flows: clusterFlows(clusterBase(args)),
    };
  });
  const hub = made.find(({ role }) => role === "hub");
  const ports = loadBalancerPorts(hub?.objects ?? []);
  const hosts = new Map([ingestHost(environment), alertHost(environment)].map((host) => [host, ports]));
  return made.map(({ cluster, flows, objects }) => ({
    cluster,
    wired: { objects, flows, brought: brought(environment), foreignNamespaces: foreignNamespaces(environment), hosts },
  }));
}

/** What the environment says that somebody else brings. */
function brought({ components }: Environment): Brought[] {
  const { caSecretName } = components.certManager;
  return caSecretName === undefined ? [] : [{ kind: "Secret", namespace: "cert-manager", name: caSecretName }];
}

/** Namespaces of what somebody else installs. */
function foreignNamespaces({ components }: Environment): string[] {
  return [
    ...(components.certManager.management === "external" ? ["cert-manager"] : []),
    ...(components.istio.management === "external" ? ["istio-system"] : []),
    ...(components.openTelemetryCollector.management === "external" ? ["opentelemetry", "opentelemetry-agent"] : []),
  ];
}

const loadBalancerPorts = (objects: readonly KubeObject[]): number[] =>
  objects
    .filter(({ kind, spec }) => kind === "Service" && (spec as { type?: string }).type === "LoadBalancer")
    .flatMap(servicePorts)
    .map(({ port }) => port);
