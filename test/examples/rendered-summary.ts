import type { KubeObject } from "../../components/kube-object";
import type { renderedObjects } from "../../stacks/render";

/** What an environment becomes, one document per cluster: how many objects of each kind, by component. */
export function renderedSummary(rendered: ReturnType<typeof renderedObjects>): KubeObject[] {
  const clusters = [...new Set(rendered.map(({ cluster }) => cluster))];
  return clusters.map((name) => {
    const components: Record<string, Record<string, number>> = {};
    for (const { component, object } of rendered.filter(({ cluster }) => cluster === name)) {
      const kinds = components[component] ?? {};
      components[component] = { ...kinds, [object.kind]: (kinds[object.kind] ?? 0) + 1 };
    }
    return { apiVersion: "fleetwright/v1", kind: "RenderedCluster", metadata: { name }, components };
  });
}
