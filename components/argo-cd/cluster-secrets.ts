/**
 * How Argo CD reaches the clusters that it deploys to: one Secret per cluster beside it, with the address of the API
 * server and the token of an account that exists there for this alone.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
import { type SecretReference, storeEntry } from "../secret-reference";
import { ARGO_CD_NAMESPACE } from "./projects";
import type { ArgoCdHub } from "./settings";

/** Where the access to a cluster lies in the store. */
export const managerEntry = (environment: string, cluster: string) => storeEntry(environment, "argo-cd", cluster);

/**
 * The Secret by which Argo CD deploys to `cluster`: to tenants' namespaces and to nothing of the whole cluster.
 *
 * @param namespaces of tenants there
 */
export function clusterSecret(environment: string, cluster: string, namespaces: readonly string[]): SecretReference {
  const entry = managerEntry(environment, cluster);
  return {
    namespace: ARGO_CD_NAMESPACE,
    name: `cluster-${cluster}`,
    keys: {
      name: { entry, property: "name" },
      server: { entry, property: "server" },
      config: { entry, property: "config" },
    },
    plain: { namespaces: namespaces.join(","), clusterResources: "false" },
    labels: { "argocd.argoproj.io/secret-type": "cluster" },
    origin: "issued",
    why: `Argo CD deploys to tenants' namespaces of cluster ${cluster}`,
  };
}

/** The password of Argo CD's cache, which its programs and the cache read when they start. */
export function cachePassword(environment: string): SecretReference {
  return {
    namespace: ARGO_CD_NAMESPACE,
    name: "argocd-redis",
    keys: { auth: { entry: storeEntry(environment, "argo-cd-redis"), property: "auth" } },
    origin: "generated",
    why: "Argo CD's programs share a cache that asks for a password",
  };
}

/**
 * What the server signs sessions with. It would fill an empty Secret itself, and then the key would stand in the state of
 * whoever made that Secret, after the next refresh.
 */
export function signingKey(environment: string): SecretReference {
  return {
    namespace: ARGO_CD_NAMESPACE,
    name: "argocd-secret",
    keys: { "server.secretkey": { entry: storeEntry(environment, "argo-cd-session-key"), property: "secretkey" } },
    // by this label Argo CD's programs find it
    labels: { "app.kubernetes.io/name": "argocd-secret", "app.kubernetes.io/part-of": "argocd" },
    origin: "generated",
    why: "Argo CD's server signs the sessions of those who logged in",
  };
}

/**
 * All that Argo CD needs from the secret store: access to each cluster that has a tenant, and where it is ours the key
 * of its sessions and the password of its cache.
 */
export function argoCdSecrets({ environment, management, steps, tenants }: ArgoCdHub): SecretReference[] {
  const namespacesOf = (cluster: string) =>
    tenants.filter(({ clusters }) => clusters.includes(cluster)).flatMap(({ namespaces }) => namespaces);
  return [
    ...steps.flat().flatMap((cluster) => {
      const namespaces = namespacesOf(cluster);
      // without a list Argo CD would take all namespaces for its own
      return namespaces.length > 0 ? [clusterSecret(environment, cluster, namespaces)] : [];
    }),
    ...(management.kind === "managed" ? [signingKey(environment), cachePassword(environment)] : []),
  ];
}
