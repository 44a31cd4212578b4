/** What Argo CD and Argo Rollouts are told of other objects. */
import type { KubeObject } from "../kube-object";
import type { ClusterIndex } from "./cluster-index";
import { ABSENT, at, type Dangling, entriesOf, namedFieldsIn, textOf } from "./reference";

export function deliveryReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.ofKind("Application", "ApplicationSet").flatMap((from) => projects(index, from)),
    ...index.ofKind("Rollout").flatMap((from) => rollout(index, from)),
  ];
}

function projects(index: ClusterIndex, from: KubeObject): Dangling[] {
  return namedFieldsIn(from.spec, ["project"], "spec").flatMap(({ path, value }): Dangling[] => {
    const project = textOf(value);
    // a template's value is known when it is applied
    if (project === undefined || project.includes("{{") || index.has("AppProject", project, from.metadata.namespace))
      return [];
    return [{ from, field: path, target: `AppProject ${from.metadata.namespace}/${project}`, problem: ABSENT }];
  });
}

function rollout(index: ClusterIndex, from: KubeObject): Dangling[] {
  const namespace = from.metadata.namespace ?? "default";
  const strategy = at(from, "spec", "strategy");
  const inNamespace = (kind: string, name: unknown, field: string): Dangling[] =>
    typeof name !== "string" || index.has(kind, name, namespace)
      ? []
      : [{ from, field, target: `${kind} ${namespace}/${name}`, problem: ABSENT }];
  return [
    ...["canaryService", "stableService", "activeService", "previewService"].flatMap((field) =>
      namedFieldsIn(strategy, [field], "spec.strategy").flatMap(({ path, value }) =>
        inNamespace("Service", value, path),
      ),
    ),
    ...namedFieldsIn(strategy, ["virtualService"], "spec.strategy").flatMap(({ path, value }) =>
      inNamespace("VirtualService", at(value, "name"), path),
    ),
    ...namedFieldsIn(strategy, ["destinationRule"], "spec.strategy").flatMap(({ path, value }) =>
      inNamespace("DestinationRule", at(value, "name"), path),
    ),
    ...namedFieldsIn(strategy, ["templates"], "spec.strategy").flatMap(({ path, value }) =>
      entriesOf(value).flatMap(({ clusterScope, templateName }): Dangling[] => {
        const kind = clusterScope === true ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
        const where = clusterScope === true ? undefined : namespace;
        if (index.has(kind, String(templateName), where)) return [];
        return [{ from, field: path, target: `${kind} ${templateName}`, problem: ABSENT }];
      }),
    ),
  ];
}
