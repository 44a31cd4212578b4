/** Bringing clusters up: laid out once, then healed as often as it takes. */
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { configurationDigest, writeConfiguration } from "./control-plane/configuration";
import {
  type ControlPlaneArgs,
  createControlPlane,
  PortTakenError,
  startControlPlane,
} from "./control-plane/control-plane";
import { ensureNodes } from "./control-plane/nodes";
import { readStages } from "./control-plane/stages";
import { hostPrograms } from "./host-programs";
import { type Instance, pauseFile } from "./instance";
import { adminConfig, writeKubeconfig } from "./kubeconfig";
import { allPorts, type ClusterPlace, checkPlace, controlPlanePorts, withPlaces } from "./places";
import { keepPorts } from "./ports";
import { SandboxError } from "./sandbox-error";
import { type ClusterState, StateBook } from "./state";
import { clusterStatus } from "./status";
import { ensureSupervisor } from "./supervisor-process";
import { toolPath } from "./toolchain/tools";

/** Takes one line of progress. */
export type ReportLine = (line: string) => void;

/** How often new ports are tried when another program takes one between the claim and the start. */
const PORT_ATTEMPTS = 3;

/** Longest that nodes and the supervisor's watches take once the API server is ready. */
const READY_SECONDS = 60;

/** Longest that host programs take after that; Gatekeeper needs 6 s, several times that on a busy machine. */
const PROGRAM_SECONDS = 30;

/**
 * Brings clusters up; those that are up stay as they are.
 *
 * @throws ToolError when a tool is not installed, SandboxError when a cluster cannot be brought up
 */
export async function bringUp(instance: Instance, places: readonly ClusterPlace[], report: ReportLine): Promise<void> {
  for (const place of places) checkPlace(place);
  const tools = controlPlaneTools();
  for (const tool of new Set(hostPrograms.map((program) => program.tool))) toolPath(tool);
  const book = new StateBook(instance, await withPlaces(instance, places));
  await book.write();
  await keepPorts(instance.folder, allPorts(book.state));
  const names = places.map(({ name }) => name);
  for (const name of names) {
    for (const program of hostPrograms) await rm(pauseFile(instance, name, program.name), { force: true });
  }
  const outcomes = await Promise.allSettled([
    ensureSupervisor(instance),
    ...names.map((name) => bringClusterUp(instance, book, name, tools, report)),
  ]);
  const created = book.state.clusters.filter((cluster) => cluster.created);
  await writeKubeconfig(instance, created);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  await Promise.all(names.map((name) => waitUntilReady(instance, book.cluster(name), report)));
}

/**
 * Waits until a cluster is ready and its host programs answer. A host program that does not is told of, and not waited for any longer.
 *
 * @throws SandboxError when the cluster itself is not ready after 60 s
 */
export async function waitUntilReady(instance: Instance, cluster: ClusterState, report: ReportLine): Promise<void> {
  const started = Date.now();
  let status = await clusterStatus(instance, cluster);
  let readyMs = Number.POSITIVE_INFINITY;
  while (status.problems.length > 0) {
    if (status.ready) readyMs = Math.min(readyMs, Date.now());
    if (!status.ready && Date.now() - started > READY_SECONDS * 1000)
      throw new SandboxError(status.problems.join("; "));
    if (status.ready && Date.now() - readyMs > PROGRAM_SECONDS * 1000) break;
    await sleep(200);
    status = await clusterStatus(instance, cluster);
  }
  for (const problem of status.problems) report(problem);
}

/** @throws ToolError when one is not installed */
export const controlPlaneTools = (): ControlPlaneArgs["tools"] => ({
  etcd: toolPath("etcd"),
  kubeApiserver: toolPath("kube-apiserver"),
  kubeControllerManager: toolPath("kube-controller-manager"),
  kubeScheduler: toolPath("kube-scheduler"),
  kubectl: toolPath("kubectl"),
  kwok: toolPath("kwok"),
  kwokctl: toolPath("kwokctl"),
});

async function bringClusterUp(
  instance: Instance,
  book: StateBook,
  name: string,
  tools: ControlPlaneArgs["tools"],
  report: ReportLine,
): Promise<void> {
  const started = Date.now();
  const stages = readStages(hostPrograms);
  const digest = configurationDigest(instance, stages);
  const before = await clusterStatus(instance, book.cluster(name));
  for (let attempt = 1; !book.cluster(name).created; attempt++) {
    const cluster = book.cluster(name);
    report(`cluster ${name}: is laid out and started on port ${cluster.ports.apiServer}`);
    await writeConfiguration(instance, cluster, stages, tools);
    try {
      await createControlPlane({ instance, cluster, tools });
      await book.set({ ...cluster, created: true, configurationDigest: digest });
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === PORT_ATTEMPTS) throw error;
      report(`cluster ${name}: another program took one of its ports; it gets others`);
      await book.set({ ...cluster, ports: await controlPlanePorts(instance) });
    }
  }
  const cluster = book.cluster(name);
  if (cluster.configurationDigest !== digest) {
    report(
      `cluster ${name}: was laid out by another version of Fleetwright; 'fleetwright sandbox down' and 'up' renew it`,
    );
  }
  await startControlPlane({ instance, cluster, tools });
  await ensureNodes(adminConfig(instance, cluster), cluster);
  if (before.ready) report(`cluster ${name}: is up`);
  else report(`cluster ${name}: control plane ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
