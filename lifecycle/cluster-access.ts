/** How a cluster is reached from here: with the pinned kubectl where it is installed, since PATH may have none. */
import { ToolError } from "../sandbox/toolchain/tool-error";
import { toolPath } from "../sandbox/toolchain/tools";
import type { Environment } from "../stacks/environment";
import { kubeconfigPath } from "../stacks/kubeconfig";
import type { ClusterAccess } from "../stacks/live-cluster";

/**
 * @param root folder of Pulumi.yaml
 * @param cluster name in the environment
 */
export function clusterAccess(environment: Environment, root: string, cluster: string): ClusterAccess {
  const { context = cluster } = environment.clusters[cluster] ?? {};
  return { kubeconfig: kubeconfigPath(environment, root), context, kubectl: pinnedKubectl() };
}

function pinnedKubectl(): string | undefined {
  try {
    return toolPath("kubectl");
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
