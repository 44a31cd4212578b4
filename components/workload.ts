/**
 * A program that runs in a cluster, said once: what is peculiar to it goes in, everything a well-kept workload has comes out.
 *
 *   image, ports, size, flows ─→ workload() ─→ Deployment | StatefulSet | DaemonSet, ServiceAccount, Service, budget
 *                                          └─→ flows, scrape target, departures from the safe default
 */
import { type Flow, type FlowPort, type Peer, type PodsPeer, toApiServer } from "./flow";
import type { KubeObject } from "./kube-object";
import { type Labels, objectLabels, requireDnsLabel, selectorLabels } from "./labels";
import type { ScrapeTarget } from "./scrape-target";
import type { ContainerPort } from "./workload/container";
import { containerDepartures, type Departure, podDepartures } from "./workload/departures";
import {
  type Autoscaling,
  autoscaler,
  controller,
  disruptionBudget,
  type Pods,
  serviceAccount,
  services,
} from "./workload/objects";
import { namedContainers, type PodArgs, podTemplate, runningContainers } from "./workload/pod";

export interface WorkloadArgs extends PodArgs {
  /** DNS label. */
  readonly namespace: string;
  /** The program, DNS label: the value of `app.kubernetes.io/name`. */
  readonly name: string;
  /** Name of the objects, DNS label. @default `<name>-<component>` */
  readonly objectName?: string;
  /** Pods, 2–100; not for a DaemonSet. @default 2, so that one is left when a node is drained */
  readonly replicas?: number;
  /** More pods while they are busy, `replicas` being the fewest; Deployment only. @default none: always `replicas` */
  readonly autoscaling?: Autoscaling;
  /** Who connects to which of its ports, by port name. @default nobody */
  readonly receives?: readonly { readonly from: Peer; readonly ports: readonly string[]; readonly why: string }[];
  /** Whom it connects to; the API server follows from `apiToken`, the resolver from its namespace. @default nobody */
  readonly reaches?: readonly {
    readonly to: Peer;
    readonly ports: readonly FlowPort[] | "all";
    readonly why: string;
  }[];
  /**
   * Its metrics: a port's name, an absolute URL path, the scheme, the name in its certificate where the platform's CA
   * signed it, and whether they tell of other objects than its pods.
   * @default none. `path` /metrics, `scheme` http, `serverName` none, `tellsOfOthers` false
   */
  readonly scrape?: {
    readonly port: string;
    readonly path?: string;
    readonly scheme?: "http" | "https";
    readonly serverName?: string;
    readonly tellsOfOthers?: boolean;
  };
  /** Annotations of the ServiceAccount, such as the cloud role it may take. @default none */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** What a workload is made of, and what the rest of the cluster must know of it. */
export interface Workload {
  /** ServiceAccount, then Service, controller and budget where it has them. Roles are the caller's. */
  readonly objects: readonly KubeObject[];
  /** Labels that select its pods. */
  readonly pods: PodsPeer;
  /** Name of its ServiceAccount, for bindings. */
  readonly serviceAccountName: string;
  readonly flows: readonly Flow[];
  readonly scrapeTarget?: ScrapeTarget;
  readonly departures: readonly Departure[];
}

/**
 * The objects of a workload. Pure: the same arguments give the same objects.
 *
 * @throws Error naming the workload, the field, its value and the bound
 * @example workload({ namespace: "shop", name: "cart", component: "api", image, size: { cpuMillicores: 50, memoryMiB: 64 } })
 */
export function workload(args: WorkloadArgs): Workload {
  const name = args.objectName ?? `${args.name}-${args.component}`;
  const owner = `${args.namespace}/${name}`;
  checkWorkload(owner, name, args);
  const { autoscaling, claims = {}, initContainers = {}, kind = "Deployment", replicas = 2 } = args;
  const selector = selectorLabels(args.name, args.component);
  const pods: Pods = { namespace: args.namespace, name, labels: objectLabels(args.name, args.component), selector };
  const peer: PodsPeer = { namespace: args.namespace, pods: selector };
  const running = runningContainers(args);
  const ports = running.flatMap((each) => each.args.ports ?? []);
  return {
    objects: [
      serviceAccount(pods, args.serviceAccountAnnotations),
      ...services(pods, kind, ports),
      controller(pods, kind, autoscaling ? undefined : replicas, podTemplate(owner, pods, args), claims),
      ...(autoscaling ? [autoscaler(pods, replicas, autoscaling)] : []),
      ...disruptionBudget(pods, kind === "DaemonSet" ? 0 : replicas),
    ],
    pods: peer,
    serviceAccountName: name,
    flows: flowsOf(owner, args, peer, ports),
    ...(args.scrape ? { scrapeTarget: scrapeTargetOf(owner, args.scrape, args.namespace, selector, ports) } : {}),
    departures: [
      ...podDepartures(owner, args.podDepartures ?? {}),
      ...[...running, ...namedContainers(initContainers)].flatMap((each) =>
        containerDepartures(`${owner}/${each.name}`, each.args.departures ?? {}),
      ),
    ],
  };
}

function flowsOf(owner: string, args: WorkloadArgs, peer: PodsPeer, ports: readonly ContainerPort[]): Flow[] {
  const { podDepartures: { apiToken } = {}, reaches = [], receives = [] } = args;
  return [
    ...receives.map(({ from, ports: names, why }) => ({
      from,
      to: peer,
      ports: names.map((name) => portNamed(owner, "receives", name, ports)),
      why,
    })),
    ...reaches.map(({ to, ports: reached, why }) => ({ from: peer, to, ports: reached, why })),
    ...(apiToken === undefined ? [] : [toApiServer(peer, apiToken)]),
  ];
}

function scrapeTargetOf(
  owner: string,
  { port, path = "/metrics", scheme = "http", ...rest }: NonNullable<WorkloadArgs["scrape"]>,
  namespace: string,
  pods: Labels,
  ports: readonly ContainerPort[],
): ScrapeTarget {
  return { namespace, pods, port: portNamed(owner, "scrape", port, ports).port, path, scheme, ...rest };
}

function portNamed(owner: string, field: string, name: string, ports: readonly ContainerPort[]): FlowPort {
  const found = ports.find((port) => port.name === name);
  if (found) return { port: found.port, protocol: found.protocol ?? "TCP" };
  const known = ports.map((port) => port.name).join(", ") || "none";
  throw new Error(`${owner}: ${field} names port "${name}", must be one of its ports: ${known}`);
}

/** @throws Error naming the workload, the field, its value and the bound */
function checkWorkload(owner: string, name: string, args: WorkloadArgs): void {
  const {
    autoscaling,
    claims = {},
    kind = "Deployment",
    podDepartures: { hostPaths = {}, singleReplica } = {},
    replicas,
    volumes = {},
  } = args;
  requireDnsLabel(owner, "namespace", args.namespace);
  requireDnsLabel(owner, "objectName", name);
  if (kind === "DaemonSet" && replicas !== undefined) {
    throw new Error(`${owner}: replicas is ${replicas}, must be absent for a DaemonSet: it runs once per node`);
  }
  if (replicas !== undefined && (!Number.isInteger(replicas) || replicas < 1 || replicas > 100)) {
    throw new Error(`${owner}: replicas is ${replicas}, must be a whole number of 1–100`);
  }
  if (replicas === 1 && singleReplica === undefined) {
    throw new Error(
      `${owner}: replicas is 1, must be at least 2, or podDepartures.singleReplica must say why an interruption is borne`,
    );
  }
  if (autoscaling !== undefined) checkAutoscaling(owner, kind, replicas ?? 2, autoscaling);
  if (kind !== "StatefulSet" && Object.keys(claims).length > 0) {
    throw new Error(
      `${owner}: claims are given for a ${kind}, must be a StatefulSet: only its pods keep their storage`,
    );
  }
  unique(
    owner,
    "volumes, claims and hostPaths",
    [volumes, claims, hostPaths].flatMap((each) => Object.keys(each)),
  );
  const running = runningContainers(args);
  unique(
    owner,
    "the ports of its containers",
    running.flatMap((each) => (each.args.ports ?? []).map((port) => port.name)),
  );
  unique(
    owner,
    "its containers",
    [...running, ...namedContainers(args.initContainers ?? {})].map((each) => each.name),
  );
}

function checkAutoscaling(owner: string, kind: string, replicas: number, autoscaling: Autoscaling): void {
  const { cpuPercent, maxReplicas } = autoscaling;
  if (kind !== "Deployment") {
    throw new Error(
      `${owner}: autoscaling is given for a ${kind}, must be a Deployment: only its pods come and go freely`,
    );
  }
  if (!Number.isInteger(maxReplicas) || maxReplicas < replicas || maxReplicas > 100) {
    throw new Error(
      `${owner}: autoscaling.maxReplicas is ${maxReplicas}, must be a whole number from replicas, ${replicas}, to 100`,
    );
  }
  if (!Number.isInteger(cpuPercent) || cpuPercent < 1 || cpuPercent > 100) {
    throw new Error(`${owner}: autoscaling.cpuPercent is ${cpuPercent}, must be a whole number of 1–100`);
  }
}

function unique(owner: string, among: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) throw new Error(`${owner}: "${twice}" stands twice among ${among}, must be a name of one`);
}
