/**
 * How Argo CD reaches the clusters that it deploys to: one Secret per cluster beside it, with the address of the API
 * server and the token of an account that exists there for this alone.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
import { type SecretReference, storeEntry } from "../secret-reference";

/** Where Argo CD is on the hub, and where its account is on each other cluster. */
export const ARGO_CD_NAMESPACE = "argocd";

/** ServiceAccount on a cluster whose tokens Argo CD deploys with. */
export const MANAGER_ACCOUNT = "argocd-manager";

/** Where the access to a cluster lies in the store. */
export const managerEntry = (environment: string, cluster: string) => storeEntry(environment, "argo-cd", cluster);

/** Name of the Secret with the access to a cluster. */
export const clusterSecretName = (cluster: string) => `cluster-${cluster}`;

/** The Secret by which Argo CD deploys to `cluster`. */
export function clusterSecret(environment: string, cluster: string): SecretReference {
  const entry = managerEntry(environment, cluster);
  return {
    namespace: ARGO_CD_NAMESPACE,
    name: clusterSecretName(cluster),
    keys: {
      name: { entry, property: "name" },
      server: { entry, property: "server" },
      config: { entry, property: "config" },
    },
    labels: { "argocd.argoproj.io/secret-type": "cluster" },
    origin: "issued",
    why: `Argo CD deploys to cluster ${cluster}`,
  };
}
