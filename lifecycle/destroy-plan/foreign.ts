/** Objects that the stack did not make and that go all the same: with their namespace, or with their kind. */
import type { ClusterScene } from "./cluster-scene";
import { type Finding, some, spelt } from "./finding";
import type { Going } from "./going";
import { managersOf } from "./live-object";

/** What every namespace has, or Kubernetes makes of something else. */
const BY_KUBERNETES: readonly ((going: Going) => boolean)[] = [
  ({ object }) => object.kind === "ServiceAccount" && object.name === "default",
  ({ object }) => object.kind === "ConfigMap" && object.name === "kube-root-ca.crt",
  ({ object }) => object.kind === "Lease" || object.kind === "Endpoints",
];

/** One finding per namespace, kind and maker. */
export function lostObjects(scene: ClusterScene): Finding[] {
  const lost = scene.going.all.filter(
    (going) =>
      (going.way === "namespace" || going.way === "definition") &&
      // what something else owns is counted by its owner
      (going.object.metadata.ownerReferences ?? []).length === 0 &&
      !BY_KUBERNETES.some((isPart) => isPart(going)),
  );
  const groups = new Map<string, Going[]>();
  for (const going of lost) {
    const { group, kind, namespace = "" } = going.object;
    const key = JSON.stringify([namespace, kind, group, managersOf(going.object)]);
    groups.set(key, [...(groups.get(key) ?? []), going]);
  }
  return [...groups.values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const { group, kind, namespace } = first.object;
    const makers = managersOf(first.object);
    const by = makers.length > 0 ? `made by ${some(makers)}, ` : "";
    const why = `${by}not of this stack, and ${found.length === 1 ? "goes" : "go"} in wave ${first.wave} with ${spelt(first.with)}`;
    const names = found.map(({ object }) => object.name).sort();
    const object = { group, kind, ...(namespace === undefined ? {} : { namespace }) };
    return [{ cluster: scene.cluster, verdict: "lost", object, count: found.length, names, why }];
  });
}
