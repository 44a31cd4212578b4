/**
 * A workload whose number of pods follows its load. Only for programs to which a further pod is just one more: those that
 * keep no state and share no ring.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
import type { KubeObject } from "../kube-object";
import type { Workload } from "../workload";

/** How far a workload may be scaled, and by what. */
export interface Autoscaling {
  /** Fewest pods, 2 at least, so that one is left when a node is drained. */
  readonly minReplicas: number;
  /** Most pods, as many as `minReplicas` at least. */
  readonly maxReplicas: number;
  /** CPU in use as a share of what is requested, in percent, that the autoscaler aims at, 10–100. */
  readonly cpuPercent: number;
}

/**
 * The workload with an autoscaler. Its Deployment no longer says how many pods it wants: the number has one owner.
 *
 * @throws Error naming the workload, the field, its value and the bound
 */
export function autoscaled(workload: Workload, { cpuPercent, maxReplicas, minReplicas }: Autoscaling): Workload {
  const deployment = workload.objects.find(({ kind }) => kind === "Deployment");
  const owner = `${workload.pods.namespace}/${workload.serviceAccountName}`;
  if (!deployment)
    throw new Error(`${owner}: has no Deployment, must be one to be scaled: other kinds keep state or run per node`);
  const between = (field: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new Error(`${owner}: ${field} is ${value}, must be a whole number of ${least}–${most}`);
  };
  between("minReplicas", minReplicas, 2, 100);
  between("maxReplicas", maxReplicas, minReplicas, 100);
  between("cpuPercent", cpuPercent, 10, 100);
  const { annotations: _, ...metadata } = deployment.metadata;
  const autoscaler: KubeObject = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: deployment.apiVersion, kind: deployment.kind, name: deployment.metadata.name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
        },
      ],
    },
  };
  const { replicas: __, ...spec } = deployment.spec as Readonly<Record<string, unknown>>;
  return {
    ...workload,
    objects: [...workload.objects.map((object) => (object === deployment ? { ...object, spec } : object)), autoscaler],
  };
}
