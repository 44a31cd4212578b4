/** From an environment to what one of its clusters is made of: every value that the components need, and nothing else. */
import type { ClusterPlatformArgs } from "../components/cluster-platform";
import type { Environment } from "./environment";

/**
 * @param stack Pulumi stack that deploys the cluster, part of the cluster's mark
 * @throws Error when the environment has no such cluster
 */
export function clusterArgs(environment: Environment, name: string, stack: string): ClusterPlatformArgs {
  const cluster = environment.clusters[name];
  if (!cluster) throw new Error(`${environment.file}: there is no cluster ${name}`);
  return {
    identity: {
      environment: environment.name,
      cluster: name,
      stack,
      kubernetes: cluster.kubernetes,
      owner: environment.owner,
    },
  };
}
