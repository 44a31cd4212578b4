/** How an instance does, as `fleetwright sandbox status` tells. */

import { answers } from "./control-plane/api-server";
import { controlPlaneComponents, runningComponents } from "./control-plane/components";
import { unreadyNodes } from "./control-plane/nodes";
import { ownedProgram } from "./host/host-process";
import type { ProgramStatus } from "./host/host-workload";
import { type Instance, kubeconfigFile, programFolder, supervisorLog } from "./instance";
import { adminConfig, serverOf } from "./kubeconfig";
import { runs } from "./processes";
import { type ClusterState, readState } from "./state";
import { readSupervisor } from "./supervisor-file";
import { supervisorPid } from "./supervisor-process";

/** One cluster. */
export interface ClusterStatus {
  readonly name: string;
  /** Context in the sandbox's kubeconfig. */
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** Whether all five processes run, the API server is ready, every node is Ready, and the supervisor follows it. */
  readonly ready: boolean;
  /** Processes that run, by name: the control plane's and the host programs'. */
  readonly pids: Readonly<Record<string, number>>;
  /** Host programs whose Deployments the cluster has. */
  readonly programs: readonly ProgramStatus[];
  /** What is wrong, one sentence each; empty when nothing is. */
  readonly problems: readonly string[];
}

/** An instance. */
export interface SandboxStatus {
  /** Absolute path; the file exists once a cluster was up. */
  readonly kubeconfig: string;
  readonly supervisor: { readonly pid?: number; readonly log: string };
  /** In the order in which they were first started; empty when the instance is not up. */
  readonly clusters: readonly ClusterStatus[];
}

/** Reads how an instance does; changes nothing. */
export async function statusOf(instance: Instance): Promise<SandboxStatus> {
  const pid = supervisorPid(instance);
  const clusters = readState(instance)?.clusters ?? [];
  return {
    kubeconfig: kubeconfigFile(instance),
    supervisor: { ...(pid === undefined ? {} : { pid }), log: supervisorLog(instance) },
    clusters: await Promise.all(clusters.map((cluster) => clusterStatus(instance, cluster))),
  };
}

/** Reads how one cluster does. */
export async function clusterStatus(instance: Instance, cluster: ClusterState): Promise<ClusterStatus> {
  const { name } = cluster;
  const programs = programsOf(instance, name);
  const problems = await problemsOf(instance, cluster, programs);
  const programPids = programs.flatMap((program) => (program.pid === undefined ? [] : [[program.name, program.pid]]));
  return {
    name,
    context: name,
    server: serverOf(cluster),
    ready: problems.every(({ vital }) => !vital),
    pids: { ...runningComponents(instance, name), ...Object.fromEntries(programPids) },
    programs,
    problems: problems.map(({ sentence }) => sentence),
  };
}

interface Problem {
  readonly sentence: string;
  /** Whether the cluster is not ready because of it. */
  readonly vital: boolean;
}

async function problemsOf(
  instance: Instance,
  cluster: ClusterState,
  programs: readonly ProgramStatus[],
): Promise<Problem[]> {
  const vital = (sentence: string) => [{ sentence: `cluster ${cluster.name}: ${sentence}`, vital: true }];
  if (!cluster.created) return vital("was never completely started");
  const running = runningComponents(instance, cluster.name);
  const missing = controlPlaneComponents.filter((component) => running[component] === undefined);
  if (missing.length > 0) return vital(`${missing.join(", ")} ${missing.length > 1 ? "do" : "does"} not run`);
  const config = adminConfig(instance, cluster);
  if (!(await answers(config, "/readyz"))) return vital("the API server is not ready");
  const unready = await unreadyNodes(config, cluster).catch(() => ["its nodes"]);
  const accounts = await answers(config, "/api/v1/namespaces/default/serviceaccounts/default");
  const followed = supervisorPid(instance) !== undefined && readSupervisor(instance)?.clusters[cluster.name]?.connected;
  return [
    ...(unready.length > 0 ? vital(`${unready.join(", ")} not Ready`) : []),
    ...(accounts
      ? []
      : vital("kube-controller-manager has not made the first ServiceAccount, without which no pod starts")),
    ...(followed ? [] : vital(`the supervisor does not follow it (${supervisorLog(instance)})`)),
    ...programs.flatMap(({ name, state, lastError, log }) =>
      state === "running"
        ? []
        : [
            {
              sentence: `cluster ${cluster.name}: ${name} is ${state}${lastError ? `: ${lastError}` : ""} (${log})`,
              vital: false,
            },
          ],
    ),
  ];
}

/** As the supervisor wrote them down; what has died since, or with the supervisor, is dead. */
function programsOf(instance: Instance, cluster: string): ProgramStatus[] {
  return (readSupervisor(instance)?.clusters[cluster]?.programs ?? []).map(({ tool, pid, state, ...program }) => {
    const alive = pid !== undefined && runs(ownedProgram(programFolder(instance, cluster, program.name), tool, pid));
    if (alive) return { ...program, state, pid };
    return { ...program, state: state === "running" || state === "starting" ? "dead" : state };
  });
}
