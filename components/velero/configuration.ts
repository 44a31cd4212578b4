/**
 * What Velero gives the pods that it makes: movers, which copy one volume each, and jobs that keep repositories. By
 * default both have neither bounds nor rank.
 *
 * @see https://velero.io/docs/v1.18/supported-configmaps/node-agent-configmap/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { bytesQuantity, cpuQuantity } from "../quantity";
import type { Size } from "../workload/container";

/** Read by the node agents. */
export const NODE_AGENT_CONFIGURATION = "node-agent-config";

/** Read by the server. */
export const MAINTENANCE_CONFIGURATION = "repo-maintenance-config";

/** Read by the server and the node agents, for every repository. */
export const REPOSITORY_CONFIGURATION = "backup-repository-config";

/**
 * MiB that kopia keeps of a repository in a pod's scratch space. Upstream's 5,000 would end the pod, whose scratch space is
 * bounded: kopia tidies up at four fifths, and some of what is read stands there beside it.
 */
const CACHE_MIB = 512;

/** Below everything else of the platform's: a backup that waits is no outage. */
const MOVER_RANK = "platform";

/** All configurations. */
export function configurations(namespace: string, mover: Size): KubeObject[] {
  const { cpuMillicores, memoryMiB, memoryLimitMiB = memoryMiB } = mover;
  const podResources = {
    cpuRequest: cpuQuantity(cpuMillicores),
    // a mover compresses and encrypts: two cores at most, so that a node's other pods have theirs
    cpuLimit: "2",
    memoryRequest: bytesQuantity(memoryMiB),
    memoryLimit: bytesQuantity(memoryLimitMiB),
  };
  const configuration = (name: string, file: string, content: object): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels: objectLabels("velero") },
    data: { [file]: JSON.stringify(content) },
  });
  return [
    configuration(NODE_AGENT_CONFIGURATION, "node-agent-config.json", {
      // volumes of one node are copied one after the other
      loadConcurrency: { globalConfig: 1 },
      podResources,
      priorityClassName: MOVER_RANK,
      privilegedFsBackup: false,
    }),
    // for every repository: upstream reads that from this key
    configuration(MAINTENANCE_CONFIGURATION, "global", {
      podResources,
      priorityClassName: MOVER_RANK,
      keepLatestMaintenanceJobs: 1,
    }),
    // by the kind of repository, which is the name of its uploader
    configuration(REPOSITORY_CONFIGURATION, "kopia", { cacheLimitMB: CACHE_MIB }),
  ];
}
