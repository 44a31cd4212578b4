/**
 * The sandbox: real control planes on this machine, with simulated nodes and a few real programs behind them.
 *
 * An instance is a folder `.fleetwright/<instance>` of a project; it knows and ends only its own processes. What changes an instance waits
 * for whoever changes it already.
 */
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endComponents } from "./control-plane/components";
import { eraseControlPlane, startControlPlane } from "./control-plane/control-plane";
import { ensureNodes } from "./control-plane/nodes";
import { hostPrograms } from "./host-programs";
import { type Instance, instanceAt, pauseFile, removeInstance } from "./instance";
import { adminConfig } from "./kubeconfig";
import { withLock } from "./lock";
import type { ClusterPlace } from "./places";
import { releasePorts } from "./ports";
import { SandboxError, SandboxInputError } from "./sandbox-error";
import { bringUp, controlPlaneTools, type ReportLine, waitUntilReady } from "./start";
import { type ClusterState, readState, secretsFolder } from "./state";
import { type SandboxStatus, statusOf } from "./status";
import { endPrograms, endSupervisor } from "./supervisor-process";

/** Which sandbox is meant. */
export interface SandboxArgs {
  /** Folder of the project, absolute; its `.fleetwright` holds the sandbox. */
  readonly projectRoot: string;
  /** DNS label of at most 40 characters. @default default */
  readonly instance?: string;
  /** Takes lines of progress. @default none are told */
  readonly report?: ReportLine;
}

/** The clusters of `environments/dev.yaml`. */
export const DEFAULT_CLUSTERS = ["hub", "east", "west"] as const;

/** Longest that a host program takes to be ended or started again. */
const PROGRAM_SECONDS = 30;

/**
 * Brings clusters up, or heals those that are. Clusters of the instance that are not listed stay as they are.
 *
 * @param args.clusters names, or names with region and zones. @default hub, east and west
 * @throws SandboxError or ToolError with a sentence
 */
export async function startSandbox(
  args: SandboxArgs & { readonly clusters?: readonly (string | ClusterPlace)[] },
): Promise<SandboxStatus> {
  const instance = instanceAt(args.projectRoot, args.instance);
  const places = (args.clusters ?? DEFAULT_CLUSTERS).map((place) =>
    typeof place === "string" ? { name: place } : place,
  );
  await changing(instance, args, () => bringUp(instance, places, args.report ?? silent));
  return statusOf(instance);
}

/**
 * Ends every process of the instance. Tools stay, and so does what others keep in the instance's folder.
 *
 * @param args.keepData keep the clusters' data, keys and ports for the next `startSandbox`. @default false
 */
export async function stopSandbox(args: SandboxArgs & { readonly keepData?: boolean }): Promise<void> {
  const instance = instanceAt(args.projectRoot, args.instance);
  await changing(instance, args, async () => {
    const clusters = readState(instance)?.clusters ?? [];
    await endSupervisor(instance);
    await Promise.all(clusters.map(({ name }) => endComponents(instance, name)));
    if (args.keepData) return;
    await releasePorts(instance.folder);
    await rm(secretsFolder(instance), { recursive: true, force: true });
    await removeInstance(instance);
  });
}

/** How the instance does; changes nothing. */
export function sandboxStatus(args: SandboxArgs): Promise<SandboxStatus> {
  return statusOf(instanceAt(args.projectRoot, args.instance));
}

/**
 * Loses a cluster: all its data is gone, and it starts empty, with new nodes, at the same address and with the same keys.
 *
 * @throws SandboxError when the instance has no such cluster
 */
export async function wipeCluster(args: SandboxArgs, name: string): Promise<SandboxStatus> {
  const instance = instanceAt(args.projectRoot, args.instance);
  await changing(instance, args, async () => {
    const cluster = clusterOf(instance, name);
    const tools = controlPlaneTools();
    await eraseControlPlane({ instance, cluster });
    await endPrograms(instance, [name]);
    args.report?.(`cluster ${name}: its data is gone`);
    await startControlPlane({ instance, cluster, tools });
    await ensureNodes(adminConfig(instance, cluster), cluster);
    await waitUntilReady(instance, cluster, args.report ?? silent);
  });
  return statusOf(instance);
}

/**
 * Ends all processes of a cluster by SIGKILL, as if it could not be reached. Its data stays; the next `startSandbox` heals it.
 *
 * @throws SandboxError when the instance has no such cluster
 */
export async function killCluster(args: SandboxArgs, name: string): Promise<SandboxStatus> {
  const instance = instanceAt(args.projectRoot, args.instance);
  await changing(instance, args, async () => {
    clusterOf(instance, name);
    await endComponents(instance, name);
    await endPrograms(instance, [name]);
  });
  return statusOf(instance);
}

/**
 * Ends a host program by SIGKILL and keeps it from being restarted, until it is resumed or the next `startSandbox`.
 *
 * @param program name from `host-programs.ts`
 * @throws SandboxError when the instance has no such cluster, or there is no such program
 */
export async function pauseHostProgram(args: SandboxArgs, cluster: string, program: string): Promise<void> {
  const instance = instanceAt(args.projectRoot, args.instance);
  const file = pauseFileOf(instance, cluster, program);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  await endPrograms(instance, [cluster], program);
  await programIs(args, cluster, program, ["paused"]);
}

/** Lets a paused host program run again, and waits until it answers. */
export async function resumeHostProgram(args: SandboxArgs, cluster: string, program: string): Promise<void> {
  const instance = instanceAt(args.projectRoot, args.instance);
  await rm(pauseFileOf(instance, cluster, program), { force: true });
  await programIs(args, cluster, program, ["running"]);
}

async function programIs(args: SandboxArgs, cluster: string, program: string, states: readonly string[]) {
  for (let waited = 0; ; waited += 0.2) {
    const { clusters } = await sandboxStatus(args);
    const found = clusters.find(({ name }) => name === cluster)?.programs.find(({ name }) => name === program);
    if (!found || states.includes(found.state)) return; // without its Deployment there is no program to wait for
    if (waited > PROGRAM_SECONDS) {
      const why = found.lastError ? `: ${found.lastError}` : "";
      throw new SandboxError(
        `cluster ${cluster}: ${program} is ${found.state}, not ${states.join(" or ")} after ${PROGRAM_SECONDS} s${why} (${found.log})`,
      );
    }
    await sleep(200);
  }
}

function pauseFileOf(instance: Instance, cluster: string, program: string): string {
  clusterOf(instance, cluster);
  const known = hostPrograms.map(({ name }) => name);
  if (known.includes(program)) return pauseFile(instance, cluster, program);
  throw new SandboxInputError(`--program is '${program}', must be one of ${known.join(", ")}`);
}

function clusterOf(instance: Instance, name: string): ClusterState {
  const clusters = readState(instance)?.clusters ?? [];
  const found = clusters.find((cluster) => cluster.name === name);
  if (found?.created) return found;
  const names = clusters.filter(({ created }) => created).map((cluster) => cluster.name);
  throw new SandboxInputError(
    `sandbox '${instance.name}' has no cluster '${name}': ${names.length > 0 ? `it has ${names.join(", ")}` : "it is not up"}`,
  );
}

/** Afterwards the instance's folder is gone if it is empty; others keep things there too, a Pulumi state for instance. */
async function changing(instance: Instance, { report }: SandboxArgs, action: () => Promise<void>): Promise<void> {
  const waits = (pid: number) =>
    report?.(`sandbox '${instance.name}' is being changed by process ${pid}; waiting for it`);
  try {
    await withLock(instance, waits, action);
  } finally {
    await rmdir(instance.folder).catch(() => undefined);
  }
}

const silent: ReportLine = () => undefined;
