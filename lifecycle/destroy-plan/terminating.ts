/** Namespaces that are being deleted already: what they wait for, in the API server's own words. */
import { about, type ClusterScene, liveOf } from "./cluster-scene";
import type { Finding } from "./finding";

/** Conditions of a namespace that say what keeps it. */
const KEEPS =
  /^Namespace(DeletionDiscoveryFailure|DeletionGroupVersionParsingFailure|DeletionContentFailure|ContentRemaining|FinalizersRemaining)$/;

/** One finding per namespace that goes and is on its way out already. */
export function terminatingNamespaces(scene: ClusterScene): Finding[] {
  return scene.snapshot.namespaces.flatMap(({ metadata, status }) => {
    const { deletionTimestamp, uid } = metadata;
    const object = liveOf(scene, uid);
    if (deletionTimestamp === undefined || !object || !scene.going.of(object)) return [];
    const kept = (status?.conditions ?? []).filter((one) => one.status === "True" && KEEPS.test(one.type));
    const waitsFor = kept.map(({ message = "" }) => message).join("; ") || "its content";
    const why = `it is being deleted since ${deletionTimestamp}`;
    return [about(scene, object, { verdict: kept.length > 0 ? "hangs" : "slow", waitsFor, why })];
  });
}
