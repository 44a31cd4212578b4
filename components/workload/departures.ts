/**
 * Where a workload is less safe than every workload is by default. Each departure is a named argument whose value is the
 * reason, so that none can be taken silently and all of them can be listed.
 */

/** Why a workload departs from the safe default: one sentence. */
export type Reason = string;

/** What one container may do beyond the restricted Pod Security Standard, and what it may lack. */
export interface ContainerDepartures {
  /** Runs as user 0. */
  readonly runsAsRoot?: Reason;
  /** Writes to its root file system, which is otherwise read-only. */
  readonly writableRootFilesystem?: Reason;
  /** Has every capability and sees the devices of the node. */
  readonly privileged?: Reason;
  /** Linux capabilities added after all were dropped, without the prefix `CAP_`. */
  readonly addedCapabilities?: { readonly capabilities: readonly string[]; readonly reason: Reason };
  /** Runs without the container runtime's AppArmor profile. */
  readonly unconfinedAppArmor?: Reason;
  /** Has no readiness probe although a Service leads to it. */
  readonly withoutReadinessProbe?: Reason;
}

/** What the pods may do beyond the restricted Pod Security Standard, and what they may lack. */
export interface PodDepartures {
  /** Mounts the token of its ServiceAccount and may connect to the API server. */
  readonly apiToken?: Reason;
  /** Shares the network of its node, where no NetworkPolicy reaches it. */
  readonly hostNetwork?: Reason;
  /** Sees the processes of its node. */
  readonly hostPid?: Reason;
  /** Volumes that are folders of the node, by volume name; `path` is absolute. */
  readonly hostPaths?: Readonly<Record<string, { readonly path: string; readonly reason: Reason }>>;
  /** Runs once, so that draining its node interrupts it. */
  readonly singleReplica?: Reason;
}

/** One departure of one workload, for the page that lists them all. */
export interface Departure {
  /** `namespace/object name`, and `/container` where it is one container's. */
  readonly workload: string;
  /** What is departed from, with its value where there is one: `hostNetwork`, `hostPath /var/log`. */
  readonly departure: string;
  readonly reason: Reason;
}

/** @throws Error naming a departure whose reason is empty */
export function containerDepartures(workload: string, departures: ContainerDepartures): Departure[] {
  const { addedCapabilities, ...plain } = departures;
  const listed = reasons(workload, plain);
  if (addedCapabilities === undefined) return listed;
  const said = `addedCapabilities ${addedCapabilities.capabilities.join(", ")}`;
  return [...listed, departure(workload, said, addedCapabilities.reason)];
}

/** @throws Error naming a departure whose reason is empty */
export function podDepartures(workload: string, departures: PodDepartures): Departure[] {
  const { hostPaths = {}, ...plain } = departures;
  return [
    ...reasons(workload, plain),
    ...Object.values(hostPaths).map(({ path, reason }) => departure(workload, `hostPath ${path}`, reason)),
  ];
}

const reasons = (workload: string, plain: Readonly<Record<string, Reason | undefined>>): Departure[] =>
  Object.entries(plain).flatMap(([name, reason]) => (reason === undefined ? [] : [departure(workload, name, reason)]));

function departure(workload: string, name: string, reason: Reason): Departure {
  if (reason.trim() !== "") return { workload, departure: name, reason };
  throw new Error(
    `${workload}: ${name} has an empty reason, must say in one sentence why the safe default will not do`,
  );
}
