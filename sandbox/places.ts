/** Which clusters an instance has, where they say that they are, and which ports they get. */
import { hostPrograms } from "./host-programs";
import { egressSocket, type Instance } from "./instance";
import { loadBalancerPrefix } from "./network/load-balancer";
import { claimPorts } from "./ports";
import { SandboxInputError } from "./sandbox-error";
import { type ClusterPorts, type ClusterState, readState, type SandboxState, secretsFolder } from "./state";

/** A cluster to be brought up, and where its nodes say that they are. */
export interface ClusterPlace {
  /** Name and context, DNS label of at most 20 characters. */
  readonly name: string;
  /** Value of `topology.kubernetes.io/region`. @default local-<name> */
  readonly region?: string;
  /** Values of `topology.kubernetes.io/zone`, at least one. @default <region>-a, -b and -c */
  readonly zones?: readonly string[];
}

/** The state with all of these clusters in it, each with all ports that it needs. */
export async function withPlaces(instance: Instance, places: readonly ClusterPlace[]): Promise<SandboxState> {
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
  return { version: 1, telemetrySinkPort, secretsFolder: secretsFolder(instance), clusters };
}

/** Fresh ports for a control plane. */
export async function controlPlanePorts({ folder }: Instance): Promise<ClusterPorts> {
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

/** Every port that an instance has. */
export const allPorts = ({ telemetrySinkPort, clusters }: SandboxState) => [
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

/** @throws SandboxInputError when a name is no DNS label of at most 20 characters, or a cluster has no zone */
export function checkPlace({ name, zones }: ClusterPlace): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$/.test(name)) {
    throw new SandboxInputError(
      `the cluster's name is '${name}', must be a DNS label of at most 20 characters: lower-case letters, digits and '-'`,
    );
  }
  if (zones?.length === 0) throw new SandboxInputError(`cluster ${name}: zones is empty, must name at least one zone`);
}
