/** Pods that do not go because the node that runs them is lost: nobody says of them that they have ended. */
import { about, type ClusterScene, liveOf } from "./cluster-scene";
import type { Finding } from "./finding";

/** One finding per pod that goes, on a node that is there and not ready; those of a node that is not there are cleared away by Kubernetes. */
export function podsOfLostNodes(scene: ClusterScene): Finding[] {
  const { commands, going, snapshot } = scene;
  const lost = new Set(
    snapshot.nodes
      .filter(({ status }) => !status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"))
      .map(({ metadata }) => metadata.name),
  );
  return snapshot.pods.flatMap(({ metadata, spec }) => {
    const node = spec?.nodeName;
    if (node === undefined || !lost.has(node)) return [];
    const object = liveOf(scene, metadata.uid);
    if (!object || !going.of(object)) return [];
    const why = `node ${node} is not ready, and only its kubelet says that a pod has ended`;
    const cure = commands.delete([object], "--force", "--grace-period=0");
    return [about(scene, object, { verdict: "hangs", waitsFor: `node ${node}`, why, cure })];
  });
}
