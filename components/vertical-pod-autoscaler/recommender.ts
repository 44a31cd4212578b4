/**
 * The recommender: reads what pods use, keeps histograms of it as objects, and writes recommendations. Upstream's rights
 * for it, less what only its other programs use: it writes no events, reads no nodes, and scale of no group but two.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { clusterRights, READ, type Rule, rightsIn } from "../rights";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";

export interface RecommenderArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** Pods; one leads, the others wait. */
  readonly replicas: number;
  /** Request and limit. */
  readonly size: Size;
}

/** Upstream's own. */
const METRICS = { name: "http-metrics", port: 8942 };

/** The lock of the leader, in the recommender's own namespace. */
const LEASE = "vpa-recommender";

const GROUP = "autoscaling.k8s.io";

const RULES: readonly Rule[] = [
  // what runs, and what was evicted for want of memory
  { apiGroups: [""], resources: ["pods", "events"], verbs: READ },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["get", "list"] },
  // whose pods they are
  { apiGroups: [""], resources: ["replicationcontrollers"], verbs: READ },
  { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "replicasets", "statefulsets"], verbs: READ },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: READ },
  {
    apiGroups: ["apps", "argoproj.io"],
    resources: ["deployments/scale", "replicasets/scale", "statefulsets/scale", "rollouts/scale"],
    verbs: ["get", "watch"],
  },
  { apiGroups: [GROUP], resources: ["verticalpodautoscalers"], verbs: READ },
  { apiGroups: [GROUP], resources: ["verticalpodautoscalers/status"], verbs: ["get", "patch"] },
  {
    apiGroups: [GROUP],
    resources: ["verticalpodautoscalercheckpoints"],
    verbs: [...READ, "create", "patch", "delete"],
  },
];

const LEADER: readonly Rule[] = [
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [LEASE],
    verbs: ["get", "watch", "update"],
  },
];

/** The workload and what it may do. */
export function recommender(args: RecommenderArgs): { readonly workload: Workload; readonly rights: KubeObject[] } {
  const { image, namespace, replicas, size } = args;
  const health = { httpGet: "/health-check", port: METRICS.name };
  const made = workload({
    namespace,
    name: "vertical-pod-autoscaler",
    component: "recommender",
    image,
    replicas,
    size,
    args: [
      "--v=2",
      "--leader-elect=true",
      `--leader-elect-resource-name=${LEASE}`,
      `--leader-elect-resource-namespace=${namespace}`,
      // pods without a VerticalPodAutoscaler are not kept in memory
      "--memory-saver=true",
      // a pod may be smaller than upstream's least, 250 MB, and many here are
      "--pod-recommendation-min-memory-mb=32",
      "--pod-recommendation-min-cpu-millicores=10",
      // sizes that a human can read
      "--round-cpu-millicores=5",
      `--round-memory-bytes=${2 ** 20}`,
    ],
    ports: [METRICS],
    readiness: { how: health },
    // upstream's own
    liveness: { how: health, initialDelaySeconds: 5 },
    scrape: { port: METRICS.name },
    podDepartures: { apiToken: "it reads what pods use and writes what it recommends" },
  });
  const holder = {
    serviceAccountName: made.serviceAccountName,
    namespace,
    labels: objectLabels("vertical-pod-autoscaler", "recommender"),
  };
  return {
    workload: made,
    rights: [
      ...clusterRights("vertical-pod-autoscaler-recommender", RULES, holder),
      ...rightsIn("leader-election", LEADER, holder),
    ],
  };
}
