/** The clusters of an environment, each opened once and only if it is needed, and each known to be the one it is called. */
import type { Environment } from "../../stacks/environment";
import { ClusterUnreachable, LiveCluster } from "../../stacks/live-cluster";
import { readIdentity } from "../../stacks/ownership";
import { clusterAccess } from "../cluster-access";
import { type Server, serverOf } from "./access";

/** What is asked of a cluster's API server. */
export type ClusterApi = Pick<LiveCluster, "get" | "send">;

/** The clusters by name. */
export interface Clusters {
  /** @throws ClusterUnreachable when it does not answer, or is not the environment's cluster of that name */
  open(cluster: string): Promise<ClusterApi>;
  /** @throws ClusterUnreachable when the kubeconfig does not say where it is */
  server(cluster: string): Promise<Server>;
}

export class OpenedClusters implements Clusters {
  private readonly opened = new Map<string, Promise<LiveCluster>>();

  /** @param root folder of Pulumi.yaml */
  constructor(
    private readonly environment: Environment,
    private readonly root: string,
  ) {}

  open(cluster: string): Promise<LiveCluster> {
    const known = this.opened.get(cluster) ?? this.openAnew(cluster);
    this.opened.set(cluster, known);
    return known;
  }

  server(cluster: string): Promise<Server> {
    return serverOf(this.environment, cluster, clusterAccess(this.environment, this.root, cluster));
  }

  async close(): Promise<void> {
    for (const live of await Promise.allSettled(this.opened.values())) {
      if (live.status === "fulfilled") live.value.close();
    }
  }

  /** A token of another cluster, kept under this one's name, would lead programs astray. */
  private async openAnew(cluster: string): Promise<LiveCluster> {
    const access = clusterAccess(this.environment, this.root, cluster);
    const live = await LiveCluster.open(access).catch((error: unknown) => {
      if (error instanceof ClusterUnreachable) throw new ClusterUnreachable(`cluster ${cluster}: ${error.message}`);
      throw error;
    });
    try {
      const identity = await readIdentity(live);
      if (!identity) {
        throw new ClusterUnreachable(
          `cluster ${cluster} holds nothing of this environment yet: run \`pulumi up\` first`,
        );
      }
      if (identity.environment !== this.environment.name || identity.cluster !== cluster) {
        throw new ClusterUnreachable(
          `context ${access.context} leads to cluster ${identity.cluster} of environment ${identity.environment}, not to ${cluster}: mend \`context\``,
        );
      }
      return live;
    } catch (error) {
      live.close();
      throw error;
    }
  }
}
