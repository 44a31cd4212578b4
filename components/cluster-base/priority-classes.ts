/**
 * Who gives way when nodes are full.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

interface Rank {
  readonly name: string;
  /** At most 1000000000: what is above belongs to the system's own classes. A factor of 1000 leaves room between ranks. */
  readonly value: number;
  readonly preemptionPolicy: "PreemptLowerPriority" | "Never";
  readonly description: string;
}

/**
 * The classes of a cluster, from the first to be served. None is the global default: a pod that names no class has
 * priority 0, below all of these, and pods of others keep the rank they had before Fleetwright came.
 */
export const PRIORITY_CLASSES: readonly Rank[] = [
  {
    name: "platform-critical",
    value: 1_000_000_000,
    preemptionPolicy: "PreemptLowerPriority",
    description:
      "Without it no object can be admitted or no request routed: admission webhooks, certificates, mesh control.",
  },
  {
    name: "platform",
    value: 1_000_000,
    preemptionPolicy: "PreemptLowerPriority",
    description: "The platform's other programs: delivery, telemetry, storage of both.",
  },
  {
    name: "tenant",
    value: 1_000,
    preemptionPolicy: "PreemptLowerPriority",
    description: "A tenant's programs that answer requests.",
  },
  {
    name: "tenant-batch",
    value: 1,
    preemptionPolicy: "Never",
    description: "A tenant's work that can wait: it takes nobody's place.",
  },
];

/** Classes that a tenant's pods must not name: the platform's and the system's own. */
export const RESERVED_PRIORITY_CLASSES: readonly string[] = [
  "platform",
  "platform-critical",
  "system-cluster-critical",
  "system-node-critical",
];

export function priorityClasses(): KubeObject[] {
  return PRIORITY_CLASSES.map(({ description, name, preemptionPolicy, value }) => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name, labels: objectLabels("cluster-base") },
    value,
    globalDefault: false,
    preemptionPolicy,
    description,
  }));
}
