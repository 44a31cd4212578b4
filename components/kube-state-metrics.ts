/**
 * kube-state-metrics: what the API server knows of objects, as metrics.
 *
 * @see https://github.com/kubernetes/kube-state-metrics/blob/v2.20.0/docs/README.md
 */
import { App, Chart } from "cdk8s";
import { type KubeObject, objectsOf } from "./kube-object";
import { KUBE_STATE_METRICS_ALERTS } from "./kube-state-metrics/alerts";
import { objectLabels, TENANT_LABEL } from "./labels";
import { Manifest } from "./manifest";
import type { Part } from "./part";
import { clusterRights } from "./rights";
import { type Workload, workload } from "./workload";
import type { Size } from "./workload/container";

/** Where it runs; the cluster base makes the namespace. Names that begin with `kube-` are Kubernetes' own. */
export const KUBE_STATE_METRICS_NAMESPACE = "state-metrics";

export interface KubeStateMetricsArgs {
  /** Image, `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** What it may use, memory at least 64 MiB. @default 100 millicores, 256 MiB: every watched object is in memory */
  readonly size?: Size;
}

/** What it watches, by API group: what alerts and dashboards ask for. No ConfigMap and no Secret. */
const WATCHED: Readonly<Record<string, readonly string[]>> = {
  "": ["namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "pods", "resourcequotas", "services"],
  apps: ["daemonsets", "deployments", "replicasets", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
  policy: ["poddisruptionbudgets"],
  "storage.k8s.io": ["storageclasses"],
};

const METRICS = { name: "http-metrics", port: 8080 };
const TELEMETRY = { name: "telemetry", port: 8081 };

/**
 * The manifests of kube-state-metrics.
 *
 * @throws Error naming the field, its value and the bound
 */
export class KubeStateMetricsChart extends Chart {
  constructor(args: KubeStateMetricsArgs) {
    super(new App(), "kube-state-metrics", { disableResourceNameHashes: true });
    for (const object of objects(args)) new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
  }
}

/** All of it. */
export function kubeStateMetricsPart(args: KubeStateMetricsArgs): Part {
  const { departures, flows, scrapeTarget } = program(args);
  return {
    name: "kube-state-metrics",
    namespaces: [{ name: KUBE_STATE_METRICS_NAMESPACE }],
    flows,
    objects: objectsOf(new KubeStateMetricsChart(args)),
    scrapeTargets: scrapeTarget ? [scrapeTarget] : [],
    alerts: KUBE_STATE_METRICS_ALERTS,
    departures,
  };
}

function objects(args: KubeStateMetricsArgs): KubeObject[] {
  const made = program(args);
  const rules = Object.entries(WATCHED).map(([group, resources]) => ({
    apiGroups: [group],
    resources,
    verbs: ["list", "watch"],
  }));
  return [
    ...clusterRights("kube-state-metrics", rules, {
      serviceAccountName: made.serviceAccountName,
      namespace: KUBE_STATE_METRICS_NAMESPACE,
      labels: objectLabels("kube-state-metrics"),
    }),
    ...made.objects,
  ];
}

function program({ image, size = { cpuMillicores: 100, memoryMiB: 256 } }: KubeStateMetricsArgs): Workload {
  if (image.trim() === "") {
    throw new Error("kube-state-metrics: image is empty, must be registry/repository:tag@sha256:digest");
  }
  if (size.memoryMiB < 64) {
    throw new Error(
      `kube-state-metrics: size.memoryMiB is ${size.memoryMiB}, must be at least 64: every watched object is in memory`,
    );
  }
  return workload({
    namespace: KUBE_STATE_METRICS_NAMESPACE,
    name: "kube-state-metrics",
    component: "exporter",
    objectName: "kube-state-metrics",
    image,
    size,
    replicas: 1,
    args: [
      `--resources=${Object.values(WATCHED).flat().sort().join(",")}`,
      `--metric-labels-allowlist=namespaces=[${TENANT_LABEL}],nodes=[topology.kubernetes.io/zone]`,
      `--port=${METRICS.port}`,
      `--telemetry-port=${TELEMETRY.port}`,
    ],
    ports: [METRICS, TELEMETRY],
    liveness: { how: { httpGet: "/livez", port: METRICS.name }, initialDelaySeconds: 5, timeoutSeconds: 5 },
    readiness: { how: { httpGet: "/readyz", port: TELEMETRY.name }, initialDelaySeconds: 5, timeoutSeconds: 5 },
    scrape: { port: METRICS.name, tellsOfOthers: true },
    podDepartures: {
      apiToken: "it watches the objects that it tells of",
      singleReplica: "two would count every object twice; while one starts anew, a minute of metrics is missing",
    },
  });
}
