/** Which objects a preview must announce as replaced, and what is missing while they are. */
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

/** Kubernetes' own mark of the class that claims get which name none. */
const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

/** What is missing between the end of a replaced object and its new one, one sentence each. */
export function missingMeanwhile(desired: readonly KubeObject[], replaced: ReadonlySet<string>): string[] {
  return desired
    .filter((object) => replaced.has(keyOf(object)))
    .filter(({ kind, metadata }) => kind === "StorageClass" && metadata.annotations?.[IS_DEFAULT] === "true")
    .map(
      ({ metadata }) =>
        `StorageClass ${metadata.name} is the default and is replaced: there is none meanwhile, and a claim that names no class waits`,
    );
}
