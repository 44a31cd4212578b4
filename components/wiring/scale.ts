/** What autoscalers scale, what budgets and NetworkPolicies protect. */
import { type ClusterIndex, selects } from "./cluster-index";
import { ABSENT, at, type Dangling, fieldsOf } from "./reference";

/** Field by which each kind names what it scales. */
const TARGETS: Readonly<Record<string, string>> = {
  HorizontalPodAutoscaler: "scaleTargetRef",
  ScaledObject: "scaleTargetRef",
  VerticalPodAutoscaler: "targetRef",
};

export function scaleReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.ofKind(...Object.keys(TARGETS)).flatMap((from): Dangling[] => {
      const field = TARGETS[from.kind] ?? "";
      const { kind = "Deployment", name } = fieldsOf(at(from, "spec", field));
      const namespace = from.metadata.namespace ?? "default";
      if (index.has(String(kind), String(name), namespace)) return [];
      return [{ from, field: `spec.${field}`, target: `${kind} ${namespace}/${name}`, problem: ABSENT }];
    }),
    ...index.ofKind("PodDisruptionBudget").flatMap((from): Dangling[] => {
      const namespace = from.metadata.namespace ?? "default";
      const selector = at(from, "spec", "selector");
      if (index.pods.some((pods) => pods.namespace === namespace && selects(selector, pods.labels))) return [];
      return [
        {
          from,
          field: "spec.selector",
          target: `pods ${JSON.stringify(at(selector, "matchLabels") ?? selector)}`,
          problem: "and no workload of its namespace makes any",
        },
      ];
    }),
  ];
}
