/**
 * What lets one cluster of an environment into another: the one list that `fleetwright credentials` works on. A new
 * purpose is one more function here; who consumes it is read from the references of the components.
 */
import { ARGO_CD_NAMESPACE, clusterSecret, MANAGER_ACCOUNT, managerEntry } from "../components/argo-cd/cluster-secrets";
import { ISTIO_NAMESPACE } from "../components/istio/names";
import { readerEntry, remoteSecret } from "../components/istio/remote-secrets";
import { READER_ACCOUNT } from "../components/istio/roles";
import type { Environment } from "./environment";

/** A Secret of another cluster that holds a credential. */
export interface Consumer {
  readonly cluster: string;
  readonly namespace: string;
  readonly secretName: string;
}

/** Access to one cluster for one purpose: a token of one of its ServiceAccounts. */
export interface CrossClusterCredential {
  /** `<purpose>-<cluster>`, by which it is asked for. */
  readonly name: string;
  readonly purpose: "istio-remote" | "argo-cd";
  /** Cluster that is let into. */
  readonly cluster: string;
  /** Namespace of the ServiceAccount there. */
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Where it lies in the store. */
  readonly entry: string;
  /** What its consumers read: a kubeconfig, or Argo CD's own form. */
  readonly format: "kubeconfig" | "argo-cd";
  readonly consumers: readonly Consumer[];
}

/** The credentials of an environment, by purpose, then by cluster in the order of its file. */
export function crossClusterCredentials(environment: Environment): CrossClusterCredential[] {
  return [...istioRemotes(environment), ...argoCdClusters(environment)];
}

/** Every istiod reads every other cluster. */
function istioRemotes({ clusters, components, name: environment }: Environment): CrossClusterCredential[] {
  const names = Object.keys(clusters);
  if (components.istio.management !== "managed" || names.length < 2) return [];
  const { namespace } = remoteSecret(environment, names[0] ?? "");
  return names.map((cluster) => ({
    name: `istio-remote-${cluster}`,
    purpose: "istio-remote",
    cluster,
    namespace: ISTIO_NAMESPACE,
    serviceAccount: READER_ACCOUNT,
    entry: readerEntry(environment, cluster),
    format: "kubeconfig",
    consumers: names
      .filter((other) => other !== cluster)
      .map((other) => ({ cluster: other, namespace, secretName: remoteSecret(environment, cluster).name })),
  }));
}

/** Argo CD, on the hub, deploys to every spoke. */
function argoCdClusters({ clusters, components, name: environment }: Environment): CrossClusterCredential[] {
  const { argoCd } = components as { readonly argoCd?: { readonly management?: string } };
  if (argoCd?.management !== "managed") return [];
  const hub = Object.keys(clusters).find((cluster) => clusters[cluster]?.role === "hub") ?? "";
  return Object.keys(clusters)
    .filter((cluster) => cluster !== hub)
    .map((cluster) => {
      const { name: secretName, namespace } = clusterSecret(environment, cluster);
      return {
        name: `argo-cd-${cluster}`,
        purpose: "argo-cd",
        cluster,
        namespace: ARGO_CD_NAMESPACE,
        serviceAccount: MANAGER_ACCOUNT,
        entry: managerEntry(environment, cluster),
        format: "argo-cd",
        consumers: [{ cluster: hub, namespace, secretName }],
      };
    });
}
