/** What a kubelet would report of a host program's pod. */
import type { V1ContainerStatus, V1Pod, V1PodCondition, V1PodStatus } from "@kubernetes/client-node";

/** A host program as its pods show it. */
export interface ProgramCondition {
  /** Whether the process runs. */
  readonly running: boolean;
  /** Whether it answers its health check. */
  readonly ready: boolean;
  readonly restarts: number;
  /** When the process was last started; the epoch when it never was. */
  readonly since: Date;
  /** Why it does not run, as one line. */
  readonly reason: string | undefined;
}

/**
 * The status of a scheduled pod, or undefined when the one that it has says the same.
 *
 * @param container name of the container that the program stands for
 */
export function hostPodStatus(pod: V1Pod, container: string, program: ProgramCondition): V1PodStatus | undefined {
  const containerStatuses = (pod.spec?.containers ?? []).map(({ name, image }) =>
    containerStatus(name, image ?? "", name === container ? program : { ...program, running: true, ready: true }),
  );
  const before = pod.status;
  if (before?.phase === "Running" && sameContainers(before.containerStatuses, containerStatuses)) return undefined;
  const now = new Date();
  const condition = (type: string, met: boolean): V1PodCondition => {
    const status = met ? "True" : "False";
    const known = before?.conditions?.find((candidate) => candidate.type === type);
    return { type, status, lastTransitionTime: known?.status === status ? known.lastTransitionTime : now };
  };
  const conditions = [
    condition("PodScheduled", true),
    condition("PodReadyToStartContainers", true),
    condition("Initialized", true),
    condition("ContainersReady", program.ready),
    condition("Ready", program.ready),
  ];
  const podIP = before?.podIP ?? podAddress(pod.metadata?.uid ?? "");
  return {
    phase: "Running",
    conditions,
    containerStatuses,
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: before?.startTime ?? now,
  };
}

function containerStatus(name: string, image: string, program: ProgramCondition): V1ContainerStatus {
  const { running, ready, restarts, since, reason } = program;
  return {
    name,
    image,
    imageID: "",
    ready,
    started: running,
    restartCount: restarts,
    state: running
      ? { running: { startedAt: since } }
      : { waiting: { reason: since.getTime() > 0 ? "CrashLoopBackOff" : "ContainerCreating", message: reason } },
  };
}

/** Times are left out: they change only with the rest. */
function sameContainers(
  before: readonly V1ContainerStatus[] | undefined,
  after: readonly V1ContainerStatus[],
): boolean {
  const essence = (statuses: readonly V1ContainerStatus[]) =>
    JSON.stringify(
      statuses.map(({ name, ready, restartCount, state }) => [
        name,
        ready,
        restartCount,
        state?.running ? "running" : [state?.waiting?.reason, state?.waiting?.message],
      ]),
    );
  return before !== undefined && essence(before) === essence(after);
}

/** An address outside the nodes' pod ranges, derived from the pod, since nothing listens on it. */
function podAddress(uid: string): string {
  const digits = Number.parseInt(uid.replaceAll("-", "").slice(0, 6) || "0", 16);
  return `10.245.${(digits >> 8) & 255}.${1 + ((digits & 255) % 254)}`;
}
