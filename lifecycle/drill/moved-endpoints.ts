/** Gives clusters another address for the time of a drill: a relay on this machine, and the lines that lead there and back. */
import type { Environment } from "../../stacks/environment";
import { clusterAccess } from "../cluster-access";
import { serverOf } from "../credentials/access";
import { type Relay, relayTo } from "./endpoint-relay";

export interface MovedEndpoints {
  /** Address of a cluster while it is moved. */
  readonly movedTo: (cluster: string) => string;
  /** Lines that lead back to where the clusters really are. */
  readonly back: readonly string[];
  close(): Promise<void>;
}

/** @throws ClusterUnreachable when the kubeconfig does not say where a cluster is */
export async function moveEndpoints(
  environment: Environment,
  root: string,
  clusters: readonly string[],
): Promise<MovedEndpoints> {
  const relays = new Map<string, Relay>();
  const back: string[] = [];
  for (const cluster of clusters) {
    const { url } = await serverOf(environment, cluster, clusterAccess(environment, root, cluster));
    relays.set(cluster, await relayTo(url));
    back.push(`kubectl config set-cluster ${cluster} --server=${url}`);
  }
  return {
    back,
    movedTo: (cluster) => relays.get(cluster)?.address ?? "",
    close: async () => {
      await Promise.all([...relays.values()].map((relay) => relay.close()));
    },
  };
}

/** Where nothing moves. */
export const NOT_MOVED: MovedEndpoints = { movedTo: () => "", back: [], close: async () => undefined };
