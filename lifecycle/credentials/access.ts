/** What another cluster needs to be let into one: its address, who vouches for it, and a token; in each consumer's own form. */
import { execa } from "execa";
import { stringify } from "yaml";
import type { StoreEntry } from "../../sandbox/secrets/sealed-store";
import type { Environment } from "../../stacks/environment";
import { type ClusterAccess, ClusterUnreachable } from "../../stacks/live-cluster";

/** Where a cluster's API server is, as others see it. */
export interface Server {
  /** URL. */
  readonly url: string;
  /** PEM of the authority that signed its certificate, base64; absent where every machine knows it. */
  readonly caData?: string;
}

interface KubeconfigCluster {
  readonly server?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
}

/**
 * The address of a cluster: the environment's `apiServer`, else that of the kubeconfig. The authority is the kubeconfig's.
 *
 * @throws ClusterUnreachable when the kubeconfig has no such context, or trusts whoever answers
 */
export async function serverOf(environment: Environment, cluster: string, access: ClusterAccess): Promise<Server> {
  const { context, kubeconfig, kubectl = "kubectl" } = access;
  // --flatten puts files inside; of what this prints only the cluster is asked for, never the user
  const words = ["config", "view", "--raw", "--minify", "--flatten", "-o", "jsonpath={.clusters[0].cluster}"];
  const { failed, stdout } = await execa(kubectl, [`--kubeconfig=${kubeconfig}`, `--context=${context}`, ...words], {
    reject: false,
    timeout: 10_000,
  });
  const found = failed || stdout === "" ? undefined : (JSON.parse(stdout) as KubeconfigCluster);
  const url = environment.clusters[cluster]?.apiServer ?? found?.server;
  if (!url) throw new ClusterUnreachable(`context ${context} has no server in ${kubeconfig}`);
  if (found?.["insecure-skip-tls-verify"]) {
    throw new ClusterUnreachable(
      `context ${context} skips verification of its server: a token is not handed out for one that anybody can be`,
    );
  }
  const caData = found?.["certificate-authority-data"];
  return caData ? { url, caData } : { url };
}

/** The values of an entry that consumers read. */
export function accessIn(format: "kubeconfig" | "argo-cd", cluster: string, server: Server, token: string): StoreEntry {
  return format === "kubeconfig" ? kubeconfig(cluster, server, token) : argoCd(cluster, server, token);
}

/** One context with the token inside: istiod refuses files and programs. */
function kubeconfig(name: string, { caData, url }: Server, token: string): StoreEntry {
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url, ...(caData ? { "certificate-authority-data": caData } : {}) } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return { kubeconfig: stringify(document, { lineWidth: 0 }) };
}

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters */
function argoCd(name: string, { caData, url }: Server, token: string): StoreEntry {
  const config = { bearerToken: token, tlsClientConfig: { insecure: false, ...(caData ? { caData } : {}) } };
  return { name, server: url, config: JSON.stringify(config) };
}
