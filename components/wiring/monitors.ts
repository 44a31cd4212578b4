/**
 * What Prometheus scrapes: pods behind every monitor, a port of that name, and a flow that lets it ask.
 */
import type { KubeObject } from "../kube-object";
import type { ClusterIndex } from "./cluster-index";
import { selects, servicePorts } from "./cluster-index";
import type { Pods } from "./pods";
import { at, type Dangling, entriesOf, fieldsOf, listOf } from "./reference";

export function monitorReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.ofKind("PodMonitor").flatMap((from) => {
      const pods = index.pods.filter(
        ({ labels, namespace }) => isWatched(from, namespace) && selects(at(from, "spec", "selector"), labels),
      );
      return scraped(index, from, "podMetricsEndpoints", pods);
    }),
    ...index.ofKind("ServiceMonitor").flatMap((from) => {
      const services = index
        .ofKind("Service")
        .filter(
          ({ metadata }) =>
            isWatched(from, metadata.namespace ?? "default") &&
            selects(at(from, "spec", "selector"), metadata.labels ?? {}),
        );
      if (services.length === 0) return [nothing(from, "Services")];
      const names = services.flatMap(servicePorts).map(({ name }) => name);
      return entriesOf(at(from, "spec", "endpoints")).flatMap(({ port }, position): Dangling[] =>
        port === undefined || names.includes(String(port))
          ? []
          : [
              {
                from,
                field: `spec.endpoints[${position}].port`,
                target: `port ${port}`,
                problem: "which none of the Services it selects has",
              },
            ],
      );
    }),
  ];
}

function scraped(index: ClusterIndex, from: KubeObject, endpoints: string, pods: readonly Pods[]): Dangling[] {
  if (pods.length === 0) return [nothing(from, "pods")];
  const scrapers = index.pods.filter(({ of }) => of.kind === "Prometheus");
  return entriesOf(at(from, "spec", endpoints)).flatMap((endpoint, position) => {
    const wanted = endpoint.port ?? endpoint.portNumber ?? endpoint.targetPort;
    const field = `spec.${endpoints}[${position}].port`;
    const listening = pods.flatMap((each) =>
      each.ports.filter(({ name, port }) => name === wanted || port === wanted).map((port) => ({ each, port })),
    );
    // a monitor may find further pods by relabelling; a named port must be there
    if (wanted !== undefined && listening.length === 0) {
      return [{ from, field, target: `port ${wanted}`, problem: "which none of the pods it selects has" }];
    }
    return listening.flatMap(({ each, port: { port } }) =>
      scrapers
        .filter((scraper) => !index.allows(scraper, each, port))
        .map(() => ({
          from,
          field,
          target: `port ${port} of ${each.of.kind} ${each.namespace}/${each.of.metadata.name}`,
          problem: "but no flow lets Prometheus ask there",
        })),
    );
  });
}

function isWatched(from: KubeObject, namespace: string): boolean {
  const { any, matchNames } = fieldsOf(at(from, "spec", "namespaceSelector"));
  if (any === true) return true;
  const names = listOf(matchNames);
  return names.length > 0 ? names.includes(namespace) : namespace === from.metadata.namespace;
}

const nothing = (from: KubeObject, what: string): Dangling => ({
  from,
  field: "spec.selector",
  target: `${what} ${JSON.stringify(at(from, "spec", "selector", "matchLabels") ?? at(from, "spec", "selector"))}`,
  problem: "and there are none",
});
