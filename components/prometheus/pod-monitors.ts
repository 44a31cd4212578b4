/**
 * What Prometheus asks for metrics: one PodMonitor per target that a component states.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import type { ScrapeTarget } from "../scrape-target";
import { PROMETHEUS_NAMESPACE } from "./names";
import { mutualTls } from "./server-tls";

/**
 * A PodMonitor per target. All stand in Prometheus' namespace and name the one they look into, so that the operator needs
 * no rights elsewhere.
 *
 * @throws Error naming the target whose pods cannot be told apart by a name
 */
export function podMonitors(targets: readonly ScrapeTarget[]): KubeObject[] {
  const distinct = new Map(targets.map((target) => [monitorName(target), target]));
  return [...distinct].map(([name, target]) => podMonitor(name, target));
}

function podMonitor(name: string, target: ScrapeTarget): KubeObject {
  const { namespace, path, pods, port, scheme, serverName, tellsOfOthers = false } = target;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name, namespace: PROMETHEUS_NAMESPACE, labels: objectLabels("prometheus", "pod-monitor") },
    spec: {
      // the program's name is its job, as dashboards and alerts expect
      jobLabel: "app.kubernetes.io/name",
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels: pods },
      // what no target of ours comes near: one that goes wild fails alone. A proxy's metrics have the most labels, about forty.
      sampleLimit: 100_000,
      labelLimit: 64,
      podMetricsEndpoints: [
        {
          portNumber: port,
          path,
          scheme,
          ...(tellsOfOthers ? OF_OTHERS : OF_THE_POD),
          ...(scheme === "https"
            ? // a program's own certificate proves nothing: the network policy alone says who answers
              { tlsConfig: serverName === undefined ? { insecureSkipVerify: true } : mutualTls(serverName) }
            : {}),
        },
      ],
    },
  };
}

const OF_THE_POD = {
  relabelings: [
    { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
    { sourceLabels: ["__meta_kubernetes_pod_label_app_kubernetes_io_component"], targetLabel: "component" },
  ],
};

/** The pod that is asked must not stand in series of other objects. */
const OF_OTHERS = {
  honorLabels: true,
  relabelings: [{ action: "labeldrop", regex: "namespace|pod|container|endpoint" }],
};

function monitorName({ namespace, pods, port }: ScrapeTarget): string {
  const { "app.kubernetes.io/name": program, "app.kubernetes.io/component": component, ...others } = pods;
  const words = [program, component, ...Object.values(others)].filter((word) => word !== undefined);
  const name = [namespace, ...words, port]
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  if (words.length > 0) return name;
  throw new Error(
    `prometheus: the scrape target on port ${port} of ${namespace} has no labels, must have one at least`,
  );
}
