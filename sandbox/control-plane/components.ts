/** The five processes of a control plane, as kwokctl leaves them: one pid file and one log each. */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { clusterFolder, type Instance } from "../instance";
import { end, type OwnedProcess, runs } from "../processes";
import type { ClusterPorts } from "../state";

/** kwokctl's names, in the order in which they depend on one another. */
export const controlPlaneComponents = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok-controller",
] as const;

export type ControlPlaneComponent = (typeof controlPlaneComponents)[number];

/** Which of its recorded ports a component listens on. */
export const portsOf: Readonly<Record<ControlPlaneComponent, readonly (keyof ClusterPorts)[]>> = {
  etcd: ["etcd", "etcdPeer"],
  "kube-apiserver": ["apiServer"],
  "kube-controller-manager": ["controllerManager"],
  "kube-scheduler": ["scheduler"],
  "kwok-controller": ["kwok"],
};

/** Process ids of the components that run. */
export function runningComponents(instance: Instance, cluster: string): Partial<Record<ControlPlaneComponent, number>> {
  return Object.fromEntries(
    controlPlaneComponents.flatMap((component) => {
      const owned = recorded(instance, cluster, component);
      return owned && runs(owned) ? [[component, owned.pid]] : [];
    }),
  );
}

/** The processes of a cluster as kwokctl recorded them, running or not. */
export function recordedComponents(instance: Instance, cluster: string): OwnedProcess[] {
  return controlPlaneComponents.flatMap((component) => recorded(instance, cluster, component) ?? []);
}

/** Ends every component by SIGKILL. */
export async function endComponents(instance: Instance, cluster: string): Promise<void> {
  await Promise.all(recordedComponents(instance, cluster).map((owned) => end(owned)));
  await forgetDeadComponents(instance, cluster);
}

/** Removes the pid files of components that do not run: kwokctl takes any living process of that id for its own. */
export async function forgetDeadComponents(instance: Instance, cluster: string): Promise<void> {
  for (const component of controlPlaneComponents) {
    const owned = recorded(instance, cluster, component);
    if (owned && !runs(owned)) await rm(pidFile(instance, cluster, component), { force: true });
  }
}

export const componentLog = (instance: Instance, cluster: string, component: ControlPlaneComponent) =>
  join(clusterFolder(instance, cluster), "logs", `${component}.log`);

const pidFile = (instance: Instance, cluster: string, component: ControlPlaneComponent) =>
  join(clusterFolder(instance, cluster), "pids", `${component}.pid`);

/** The link by which kwokctl starts a component. */
export const componentProgram = (instance: Instance, cluster: string, component: ControlPlaneComponent) =>
  join(clusterFolder(instance, cluster), "bin", component);

/** kwokctl starts each component by a link in the cluster's own folder, so its command line tells whose it is. */
function recorded(instance: Instance, cluster: string, component: ControlPlaneComponent): OwnedProcess | undefined {
  try {
    const pid = Number(readFileSync(pidFile(instance, cluster, component), "utf8"));
    const program = `${componentProgram(instance, cluster, component)} `;
    const isOurs = (commandLine: string) => commandLine.startsWith(program);
    return Number.isInteger(pid) && pid > 0 ? { pid, isOurs } : undefined;
  } catch {
    return undefined;
  }
}
