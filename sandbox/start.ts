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
import { egressSocket, type Instance, pauseFile } from "./instance";
import { adminConfig, writeKubeconfig } from "./kubeconfig";
import { loadBalancerPrefix } from "./network/load-balancer";
import { claimPorts, keepPorts } from "./ports";
import { SandboxError, SandboxInputError } from "./sandbox-error";
import { type ClusterPorts, type ClusterState, readState, type SandboxState, writeState } from "./state";
import { clusterStatus } from "./status";
import { ensureSupervisor } from "./supervisor-process";
import { toolPath } from "./toolchain/tools";

/** A cluster to be brought up, and where its nodes say that they are. */
export interface ClusterPlace {
  /** Name and context, DNS label of at most 20 characters. */
  readonly name: string;
  /** Value of `topology.kubernetes.io/region`. @default local-<name> */
  readonly region?: string;
  /** Values of `topology.kubernetes.io/zone`, at least one. @default <region>-a, -b and -c */
  readonly zones?: readonly string[];
}

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
  for (const { name } of places) checkName(name);
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

/** The state with all of these clusters in it, each with all ports that it needs. */
async function withPlaces(instance: Instance, places: readonly ClusterPlace[]): Promise<SandboxState> {
  const before = readState(instance);
  const clusters = [...(before?.clusters ?? [])];
  for (const { name, ...place } of places) {
    const index = clusters.findIndex((cluster) => cluster.name === name);
    const known = clusters[index];
    const region = place.region ?? known?.region ?? `local-${name}`;
    const zones = place.zones ?? known?.zones ?? ["a", "b", "c"].map((letter) => `${region}-${letter}`);
    const cluster: ClusterState = {
      name,
      region,
      zones: [...zones],
      ports: known?.ports ?? (await controlPlanePorts(instance)),
      programPorts: await programPorts(instance, known?.programPorts ?? {}),
      loadBalancerPrefix: known?.loadBalancerPrefix ?? loadBalancerPrefix(clusters.length),
      egressSocket: egressSocket(instance, name),
      created: known?.created ?? false,
      configurationDigest: known?.configurationDigest ?? "",
    };
    if (known) clusters[index] = cluster;
    else clusters.push(cluster);
  }
  const telemetrySinkPort = before?.telemetrySinkPort ?? (await claimOne(instance));
  return { version: 1, telemetrySinkPort, clusters };
}

async function controlPlanePorts({ folder }: Instance): Promise<ClusterPorts> {
  const names = ["etcd", "etcdPeer", "apiServer", "controllerManager", "scheduler", "kwok"] as const;
  const ports = await claimPorts(folder, names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as ClusterPorts;
}

/** One loopback port per listener of every host program; those that are known stay. */
async function programPorts(instance: Instance, known: ClusterState["programPorts"]) {
  const result: ClusterState["programPorts"] = {};
  for (const { name, listeners } of hostPrograms) {
    const ports: Record<string, number> = {};
    for (const listener of listeners) {
      ports[listener.name] = known[name]?.[listener.name] ?? (await claimOne(instance));
    }
    result[name] = ports;
  }
  return result;
}

const allPorts = ({ telemetrySinkPort, clusters }: SandboxState) => [
  telemetrySinkPort,
  ...clusters.flatMap(({ ports, programPorts }) => [
    ...Object.values(ports),
    ...Object.values(programPorts).flatMap((listeners) => Object.values(listeners)),
  ]),
];

async function claimOne({ folder }: Instance): Promise<number> {
  const [port] = await claimPorts(folder, 1);
  return port ?? 0;
}

function checkName(name: string): void {
  if (/^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$/.test(name)) return;
  throw new SandboxInputError(
    `the cluster's name is '${name}', must be a DNS label of at most 20 characters: lower-case letters, digits and '-'`,
  );
}

/** The state while clusters are brought up side by side: each change is on disk before the next. */
class StateBook {
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly instance: Instance,
    public state: SandboxState,
  ) {}

  cluster(name: string): ClusterState {
    const cluster = this.state.clusters.find((candidate) => candidate.name === name);
    if (!cluster) throw new Error(`cluster ${name} is not in the state`);
    return cluster;
  }

  set(cluster: ClusterState): Promise<void> {
    const clusters = this.state.clusters.map((known) => (known.name === cluster.name ? cluster : known));
    this.state = { ...this.state, clusters };
    return this.write();
  }

  write(): Promise<void> {
    this.writing = this.writing.then(() => writeState(this.instance, this.state));
    return this.writing;
  }
}
