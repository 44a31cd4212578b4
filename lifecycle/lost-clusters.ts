/**
 * Clusters that were lost and are empty again, while the state still speaks of what they held. The engine believes its
 * state: without a refresh it would find nothing to change.
 */
import { IDENTITY } from "../components/order";
import type { Environment } from "../stacks/environment";
import { type ClusterAccess, ClusterUnreachable, LiveCluster } from "../stacks/live-cluster";
import { readIdentity } from "../stacks/ownership";
import { clusterAccess } from "./cluster-access";
import { type Place, readDeployment } from "./engine-state";

/**
 * Names of the clusters that the stack deployed to and that no longer carry their mark; those that cannot be reached are
 * not among them.
 */
export async function lostClusters(environment: Environment, place: Place): Promise<string[]> {
  const deployed = new Set(readDeployment(place)?.resources?.flatMap(({ urn }) => markOf(urn) ?? []));
  const known = Object.keys(environment.clusters).filter((cluster) => deployed.has(cluster));
  const lost = await Promise.all(
    known.map(async (cluster) => ((await isMarked(clusterAccess(environment, place.root, cluster))) ? [] : [cluster])),
  );
  return lost.flat();
}

/** The cluster whose mark a resource is. */
const markOf = (urn: string) =>
  new RegExp(`::([^:]+):ConfigMap/${IDENTITY.namespace}/${IDENTITY.name}$`).exec(urn)?.[1];

async function isMarked(access: ClusterAccess): Promise<boolean> {
  let cluster: LiveCluster | undefined;
  try {
    cluster = await LiveCluster.open(access);
    return (await readIdentity(cluster)) !== undefined;
  } catch (error) {
    if (error instanceof ClusterUnreachable) return true;
    throw error;
  } finally {
    cluster?.close();
  }
}
