/** Which objects a preview must announce as replaced: those whose immutable fields differ from what stands in the cluster. */
import { immutablePaths, mustReplace } from "../components/immutable-fields";
import { type KubeObject, keyOf } from "../components/kube-object";
import type { LiveCluster } from "./live-cluster";

/**
 * Keys of the desired objects that the live cluster holds with another immutable value.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function findReplacements(
  cluster: LiveCluster,
  desired: readonly KubeObject[],
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    desired
      .filter((object) => immutablePaths(object).length > 0)
      .map(async (object) => {
        const path = await cluster.pathOf(object.apiVersion, object.kind, object.metadata.namespace);
        const live = path && (await cluster.get<KubeObject>(`${path}/${object.metadata.name}`));
        return live && mustReplace(object, live) ? [keyOf(object)] : [];
      }),
  );
  return new Set(found.flat());
}
