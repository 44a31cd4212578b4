/**
 * The pod of a workload: restricted, spread over zones, restarted when its configuration changes.
 */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube-object";
import type { Labels } from "../labels";
import { type ContainerArgs, container, NONROOT_ID } from "./container";
import type { PodDepartures } from "./departures";
import type { Pods } from "./objects";
import { type Claim, podVolumes, type Volume } from "./volumes";

export interface PodArgs extends ContainerArgs {
  /** The part of the program, DNS label: the value of `app.kubernetes.io/component`, so that no selector matches a sibling. */
  readonly component: string;
  /** @default Deployment */
  readonly kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  /** Rank among pods when nodes are full. @default platform, above every tenant */
  readonly priorityClassName?: string;
  /**
   * Whether pods wait rather than share a zone while another has fewer; `required` needs zone labels on every node.
   * @default required, so that the loss of a zone takes its share and no more
   */
  readonly zoneSpread?: "required" | "preferred";
  /** Further containers by name, for as long as the pod lives. @default none */
  readonly sidecars?: Readonly<Record<string, ContainerArgs>>;
  /** Containers by name that end, one after the other, before the others start. @default none */
  readonly initContainers?: Readonly<Record<string, ContainerArgs>>;
  /** Volumes by name. @default none */
  readonly volumes?: Readonly<Record<string, Volume>>;
  /** Storage by name that each pod keeps; StatefulSet only. @default none */
  readonly claims?: Readonly<Record<string, Claim>>;
  /** Objects whose change restarts the pods, such as their ConfigMap. @default none */
  readonly restartsOn?: readonly KubeObject[];
  /** Labels of the pods besides the shared ones. @default none */
  readonly podLabels?: Labels;
  /** Annotations of the pods. @default none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** Seconds from the signal to end until the kill, 1–3600. @default 30, the API's own */
  readonly terminationGracePeriodSeconds?: number;
  /** Taints that it bears. @default none */
  readonly tolerations?: readonly object[];
  /** Where the pods are less safe than the default, each with its reason. @default nowhere */
  readonly podDepartures?: PodDepartures;
}

/** A container with its name. */
export interface NamedContainer {
  readonly name: string;
  readonly args: ContainerArgs;
}

/** The containers that live as long as the pod: the workload's own, named as its component, then the sidecars. */
export function runningContainers(args: PodArgs): NamedContainer[] {
  return [{ name: args.component, args }, ...namedContainers(args.sidecars ?? {})];
}

export function namedContainers(containers: Readonly<Record<string, ContainerArgs>>): NamedContainer[] {
  return Object.entries(containers).map(([name, args]) => ({ name, args }));
}

/** The controller's `template`. */
export function podTemplate(owner: string, pods: Pods, args: PodArgs): object {
  const { initContainers = {}, podDepartures: departures = {}, volumes = {} } = args;
  const render = ({ name, args: each }: NamedContainer) =>
    container(`${owner}/${name}`, name, each, (volume) => isWritable(args, volume));
  const annotations = { ...args.podAnnotations, ...configurationHash(args.restartsOn ?? []) };
  const podSources = podVolumes(volumes, departures);
  return {
    metadata: {
      labels: { ...args.podLabels, ...pods.labels },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: {
      serviceAccountName: pods.name,
      automountServiceAccountToken: departures.apiToken !== undefined,
      enableServiceLinks: false,
      priorityClassName: args.priorityClassName ?? "platform",
      nodeSelector: { "kubernetes.io/os": "linux" },
      ...(args.tolerations ? { tolerations: args.tolerations } : {}),
      ...(departures.hostNetwork === undefined ? {} : { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }),
      ...(departures.hostPid === undefined ? {} : { hostPID: true }),
      ...(args.kind === "DaemonSet" ? {} : { topologySpreadConstraints: spread(args, pods.selector) }),
      securityContext: podSecurityContext(args),
      terminationGracePeriodSeconds: args.terminationGracePeriodSeconds ?? 30,
      ...(Object.keys(initContainers).length > 0
        ? { initContainers: namedContainers(initContainers).map(render) }
        : {}),
      containers: runningContainers(args).map(render),
      ...(podSources.length > 0 ? { volumes: podSources } : {}),
    },
  };
}

/** Whether the volume of that name exists to be written; undefined when the workload has none of that name. */
function isWritable({ claims = {}, podDepartures, volumes = {} }: PodArgs, volume: string): boolean | undefined {
  if (volume in claims || volume in (podDepartures?.hostPaths ?? {})) return true;
  const own = volumes[volume];
  return own && "scratchMiB" in own;
}

/** Spread over zones and, where zones allow, over nodes; counted per revision so that a rollout does not skew it. */
export function spread({ kind, zoneSpread }: Pick<PodArgs, "kind" | "zoneSpread">, selector: Labels): object[] {
  const common = {
    maxSkew: 1,
    labelSelector: { matchLabels: selector },
    // a zone whose nodes are all tainted as lost must not keep pods waiting for it
    nodeTaintsPolicy: "Honor",
    ...(kind === "StatefulSet" ? {} : { matchLabelKeys: ["pod-template-hash"] }),
  };
  const zone = zoneSpread === "preferred" ? "ScheduleAnyway" : "DoNotSchedule";
  return [
    { ...common, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: zone },
    { ...common, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ];
}

function podSecurityContext({ departures = {}, userId = NONROOT_ID }: PodArgs): object {
  const user = departures.runsAsRoot === undefined ? userId : 0;
  return {
    runAsNonRoot: departures.runsAsRoot === undefined,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

function configurationHash(objects: readonly KubeObject[]): Readonly<Record<string, string>> {
  if (objects.length === 0) return {};
  return { "fleetwright.dev/configuration": createHash("sha256").update(JSON.stringify(objects)).digest("hex") };
}
