/** Aggregated APIs that do not answer: no namespace can be deleted while one of them is listed, whatever it holds. */
import { about, type ClusterScene, liveOf } from "./cluster-scene";
import { type Finding, some } from "./finding";
import { deafSince } from "./webhooks";

/** One finding per API that is not served while a namespace goes. */
export function deafApis(scene: ClusterScene): Finding[] {
  const { going, snapshot } = scene;
  const namespaces = going.all.filter(({ object, way }) => object.kind === "Namespace" && way === "stack");
  return snapshot.apiServices.flatMap((api) => {
    const service = api.spec?.service;
    const object = liveOf(scene, api.metadata.uid);
    if (!service || !object) return [];
    const ends = going.of(object)?.wave ?? Number.POSITIVE_INFINITY;
    const available = api.status?.conditions?.find(({ type }) => type === "Available");
    const deafFrom = available?.status === "True" ? deafSince(scene, service) : 0;
    const waiting = namespaces.filter(({ wave }) => wave >= deafFrom && wave < ends);
    if (waiting.length === 0) return [];
    const names = waiting.map(({ object: { name } }) => name);
    const state =
      deafFrom === 0
        ? `does not answer (${available?.message ?? "it was never available"})`
        : `has nobody to answer from wave ${deafFrom} on`;
    const why = `this API ${state}, and no namespace can be deleted meanwhile: ${some(names)}`;
    const waitsFor = `Service ${service.namespace}/${service.name}`;
    return [about(scene, object, { verdict: "hangs", waitsFor, why, cure: scene.commands.delete([object]) })];
  });
}
