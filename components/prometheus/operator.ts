/**
 * prometheus-operator: makes a StatefulSet, its configuration and its rule files from custom resources. It sees one
 * namespace, so that its rights to Secrets and StatefulSets end there.
 *
 * Its admission webhook is left out: it would refuse rules that do not parse, which promtool does before anything is
 * deployed, and one more webhook that fails closed is one more way to lock a cluster up.
 *
 * @see https://prometheus-operator.dev/docs/getting-started/design/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { cpuQuantity } from "../quantity";
import { clusterRights, READ, rightsIn, WRITE } from "../rights";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { OPERATOR, PROMETHEUS_NAMESPACE } from "./names";

export interface OperatorArgs {
  /** Image of the operator. */
  readonly image: string;
  /** Image of the program that the operator puts beside each Prometheus, to reload its configuration. */
  readonly reloaderImage: string;
  /** What the operator may use. */
  readonly size: Size;
}

const MONITORING = "monitoring.coreos.com";
const METRICS = { name: "http", port: 8080 };

// upstream gives 10m and 50Mi, and the reloader holds no more than its files
const RELOADER = { cpuMillicores: 10, memoryMiB: 50 };

/** The operator with its rights. */
export function operator({ image, reloaderImage, size }: OperatorArgs): Workload {
  const made = workload({
    namespace: PROMETHEUS_NAMESPACE,
    name: OPERATOR,
    component: "controller",
    objectName: OPERATOR,
    image,
    size,
    replicas: 1,
    args: [
      `--namespaces=${PROMETHEUS_NAMESPACE}`,
      `--prometheus-config-reloader=${reloaderImage}`,
      `--config-reloader-cpu-request=${cpuQuantity(RELOADER.cpuMillicores)}`,
      "--config-reloader-cpu-limit=0",
      `--config-reloader-memory-request=${RELOADER.memoryMiB}Mi`,
      `--config-reloader-memory-limit=${RELOADER.memoryMiB}Mi`,
      "--enable-config-reloader-probes=true",
      "--disable-unmanaged-prometheus-configuration=true",
      // kubelets are found by Prometheus itself: the operator's list of them would outlive the platform
      "--kubelet-endpoints=false",
      "--kubelet-endpointslice=false",
      "--auto-gomemlimit-ratio=0.9",
    ],
    // upstream's own: it holds little that lasts
    env: [{ name: "GOGC", value: "30" }],
    ports: [METRICS],
    liveness: { how: { httpGet: "/healthz", port: METRICS.name } },
    scrape: { port: METRICS.name },
    podDepartures: {
      apiToken: "it watches monitors and rules and writes the StatefulSet and configuration that follow from them",
      singleReplica: "it has no leader election: two would undo each other's work; Prometheus runs on without it",
    },
  });
  return { ...made, objects: [...rights(made.serviceAccountName), ...made.objects] };
}

function rights(serviceAccountName: string): KubeObject[] {
  const holder = {
    serviceAccountName,
    namespace: PROMETHEUS_NAMESPACE,
    labels: objectLabels(OPERATOR, "controller"),
  };
  const kinds = ["prometheuses", "servicemonitors", "podmonitors", "probes", "prometheusrules"];
  return [
    ...rightsIn(
      OPERATOR,
      [
        { apiGroups: [MONITORING], resources: kinds, verbs: READ },
        { apiGroups: [MONITORING], resources: ["prometheuses/status"], verbs: ["update", "patch"] },
        // to own what it makes, so that it goes with the custom resource
        { apiGroups: [MONITORING], resources: ["prometheuses/finalizers"], verbs: ["update"] },
        { apiGroups: ["apps"], resources: ["statefulsets"], verbs: [...READ, ...WRITE] },
        { apiGroups: [""], resources: ["configmaps", "secrets"], verbs: [...READ, ...WRITE] },
        // a pod that hangs in an old revision is replaced
        { apiGroups: [""], resources: ["pods"], verbs: ["list", "delete"] },
        { apiGroups: [""], resources: ["services"], verbs: ["get"] },
      ],
      holder,
    ),
    ...clusterRights(
      OPERATOR,
      [
        { apiGroups: [""], resources: ["namespaces"], resourceNames: [PROMETHEUS_NAMESPACE], verbs: ["get"] },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get"] },
        { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
      ],
      holder,
    ),
  ];
}
