/**
 * How this cluster's istiod reads the others: one Secret per peer with a kubeconfig of the peer's reader account.
 *
 * istiod takes every Secret of its namespace with the label; the key is the peer's name in the mesh, which is what the
 * peer's own istiod calls itself. The token stands in the kubeconfig: files and programs istiod refuses.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/
 */
import { type SecretReference, storeEntry } from "../secret-reference";
import { ISTIO_NAMESPACE } from "./names";

/** Property of the store's entry that holds the kubeconfig. */
const KUBECONFIG = "kubeconfig";

/** Where the kubeconfig of a cluster's reader account lies in the store; it is the same for all of its peers. */
export const readerEntry = (environment: string, cluster: string) => storeEntry(environment, "istio-remote", cluster);

/** Name of the Secret with the access to a peer: istioctl's own. */
export const remoteSecretName = (peer: string) => `istio-remote-secret-${peer}`;

/** The Secret by which istiod of another cluster reads `peer`. */
export function remoteSecret(environment: string, peer: string): SecretReference {
  return {
    namespace: ISTIO_NAMESPACE,
    name: remoteSecretName(peer),
    keys: { [peer]: { entry: readerEntry(environment, peer), property: KUBECONFIG } },
    labels: { "istio/multiCluster": "true" },
    origin: "issued",
    why: `istiod reads the services and pods of cluster ${peer}`,
  };
}
