/**
 * A kubeconfig of clusters on EKS: it holds no secret. Whoever uses it shows AWS who he is, and gets a token for a quarter of an
 * hour.
 */
import { stringify } from "yaml";

/** What it says of one cluster. */
export interface ClusterEntry {
  /** Name of the context, of the cluster and of the user. */
  readonly context: string;
  /** Name of the EKS cluster. */
  readonly clusterName: string;
  readonly region: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** Its CA, PEM in base64. */
  readonly certificateAuthority: string;
}

/** The file's text; no context is the current one, so that none is taken by mistake. */
export function kubeconfigText(entries: readonly ClusterEntry[]): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "",
    preferences: {},
    clusters: entries.map(({ certificateAuthority, context, endpoint }) => ({
      name: context,
      cluster: { server: endpoint, "certificate-authority-data": certificateAuthority },
    })),
    contexts: entries.map(({ context }) => ({ name: context, context: { cluster: context, user: context } })),
    users: entries.map(({ clusterName, context, region }) => ({
      name: context,
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"],
          interactiveMode: "Never",
          provideClusterInfo: false,
        },
      },
    })),
  });
}
