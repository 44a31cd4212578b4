/**
 * How Argo CD reaches the clusters that it deploys to: one Secret per cluster beside it, with the address of the API
 * server and the token of an account that exists there for this alone.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
import { type SecretReference, storeEntry } from "../secret-reference";

/** Where Argo CD runs, and its projects stand; the name is in upstream's role bindings. */
export const ARGO_CD_NAMESPACE = "argocd";

/** ServiceAccount on a cluster whose tokens Argo CD deploys with. */
export const MANAGER_ACCOUNT = "argocd-manager";

/** Where that account is: beside the mark of the cluster, in a namespace that every cluster has. */
export const MANAGER_NAMESPACE = "fleetwright-system";

/** Where the access to a cluster lies in the store. */
export const managerEntry = (environment: string, cluster: string) => storeEntry(environment, "argo-cd", cluster);

/** Name of the Secret with the access to a cluster. */
export const clusterSecretName = (cluster: string) => `cluster-${cluster}`;

/**
 * The Secret by which Argo CD deploys to `cluster`.
 *
 * @param namespaces those that it looks at and deploys to, at least one: none would mean all, and the whole cluster
 */
export function clusterSecret(environment: string, cluster: string, namespaces: readonly string[]): SecretReference {
  const entry = managerEntry(environment, cluster);
  return {
    namespace: ARGO_CD_NAMESPACE,
    name: clusterSecretName(cluster),
    keys: {
      name: { entry, property: "name" },
      server: { entry, property: "server" },
      config: { entry, property: "config" },
    },
    values: { namespaces: namespaces.join(","), clusterResources: "false" },
    labels: { "argocd.argoproj.io/secret-type": "cluster" },
    origin: "issued",
    why: `Argo CD deploys to cluster ${cluster}`,
  };
}

/** The Secret with the password of Argo CD's cache; the name is upstream's. */
export function cacheSecret(environment: string): SecretReference {
  return {
    namespace: ARGO_CD_NAMESPACE,
    name: "argocd-redis",
    keys: { auth: { entry: storeEntry(environment, "argo-cd-cache"), property: "auth" } },
    origin: "generated",
    why: "Argo CD's programs log in to their cache",
  };
}
