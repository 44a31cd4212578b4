/**
 * What a mesh is told about one cluster, and the defaults of what it is not told.
 */
import { requireCidr } from "../cidr";
import { requireDnsLabel } from "../labels";
import type { Size } from "../workload/container";
import type { Replicas } from "./control-plane";
import type { GatewaySettings } from "./gateways";
import type { Tracing } from "./mesh-config";
import { GATEWAY_NAMES, type GatewayKind } from "./names";
import type { MeshTenant } from "./policies";

/** Images, as the image lock gives them: `registry/repository:tag@sha256:digest`. */
export interface IstioImages {
  /** istiod. */
  readonly pilot: string;
  /** The proxy of gateways and pods. */
  readonly proxy: string;
  /** The node agent. */
  readonly nodeAgent: string;
}

/** A gateway as it is asked for; what is not said has a default. */
export interface GatewayArgs {
  /** Fewest and most pods. @default 2–5: one is left when a node is drained; 5 is upstream's own */
  readonly replicas?: Replicas;
  /** What one pod may use. @default 100 millicores, 128 MiB, at most 1 GiB, upstream's own */
  readonly size?: Size;
  /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. @default none */
  readonly serviceAnnotations?: Readonly<Record<string, string>>;
  /** Ranges of addresses that the load balancer takes traffic from, CIDR; not for the egress gateway. @default all */
  readonly sourceRanges?: readonly string[];
}

/** Another cluster of the mesh. */
export interface MeshPeer {
  /** Its name, a DNS label. */
  readonly cluster: string;
  /** Network of its pods, a DNS label. */
  readonly network: string;
  /** Ranges in which its API server listens, CIDR: istiod reads there. @default none: istiod may reach no API server but its own */
  readonly apiServerCidrs?: readonly string[];
}

export interface IstioArgs {
  /** Name of the environment, a DNS label: the mesh's name, and `organization` of the intermediate's subject. */
  readonly environment: string;
  /** Name of the cluster, a DNS label: its name in the mesh. */
  readonly cluster: string;
  /** Network of its pods, a DNS label: pods of one network reach one another directly. */
  readonly network: string;
  /** The other clusters of the mesh. @default none: a mesh of one cluster */
  readonly peers?: readonly MeshPeer[];
  /** What to run. */
  readonly images: IstioImages;
  /** Version of Istio, without `v`: what the node agent's plug-in tells the agent. */
  readonly version: string;
  /** ClusterIssuer that signs the cluster's intermediate. */
  readonly issuer: string;
  /** Tenants of the whole mesh, with their namespaces in all of its clusters. */
  readonly tenants: readonly MeshTenant[];
  /** Namespaces of tenants in this cluster. */
  readonly tenantNamespaces: readonly string[];
  /** First part of every identity, a DNS name; the same in all clusters. @default `<environment>.mesh.internal`; `internal` is reserved for private names (ICANN, 2024) */
  readonly trustDomain?: string | undefined;
  /** Name of this control plane, a DNS label of at most 40 characters. @default `default` */
  readonly revision?: string;
  /** istiod's pods. @default 2–5: one is left when a node is drained; 5 is upstream's own */
  readonly replicas?: Replicas;
  /** What one istiod may use. @default 500 millicores and 2 GiB, upstream's own */
  readonly size?: Size;
  /** What an injected proxy may use; it counts against the tenant's quota. @default 100 millicores, 128 MiB, at most 512 MiB */
  readonly sidecarSize?: Size;
  /** The gateways where they differ from their defaults. The east-west gateway exists where a peer has another network. */
  readonly gateways?: Readonly<Partial<Record<GatewayKind, GatewayArgs>>>;
  /** Hosts outside of the mesh that programs may reach, by TLS on port 443 and the egress gateway; DNS names. @default none */
  readonly egressHosts?: readonly string[];
  /** Where spans go. @default nowhere */
  readonly tracing?: Tracing;
  /** Folder of the nodes in which network plug-ins are, absolute. @default `/opt/cni/bin`, that of most nodes; GKE's is `/home/kubernetes/bin` */
  readonly pluginFolder?: string;
  /** Whether no istiod will run, as in a sandbox that lacks it: then webhooks, which would refuse everything, are left out. @default false */
  readonly withoutController?: boolean;
  /** Whether certificates are issued, so that the intermediate can be waited for. @default true */
  readonly certificatesIssued?: boolean;
}

/** The arguments with all that was not said. */
export interface Settings extends Required<Omit<IstioArgs, "tracing" | "gateways">> {
  readonly meshId: string;
  readonly tracing: Tracing | undefined;
  readonly gateways: Readonly<Partial<Record<GatewayKind, GatewaySettings>>>;
  /** Whether there are networks besides this one. */
  readonly crossesNetworks: boolean;
}

const REPLICAS: Replicas = { min: 2, max: 5 };
const GATEWAY_SIZE: Size = { cpuMillicores: 100, memoryMiB: 128, memoryLimitMiB: 1024 };

/** @throws Error naming the field, its value and the bound */
export function settingsOf(args: IstioArgs): Settings {
  const { gateways = {}, peers = [] } = args;
  const crossesNetworks = peers.some(({ network }) => network !== args.network);
  const settings: Settings = {
    ...args,
    peers,
    crossesNetworks,
    meshId: args.environment,
    trustDomain: args.trustDomain ?? `${args.environment}.mesh.internal`,
    revision: args.revision ?? "default",
    replicas: args.replicas ?? REPLICAS,
    size: args.size ?? { cpuMillicores: 500, memoryMiB: 2048 },
    sidecarSize: args.sidecarSize ?? { cpuMillicores: 100, memoryMiB: 128, memoryLimitMiB: 512 },
    gateways: {
      ingress: gateway(gateways.ingress),
      egress: gateway(gateways.egress),
      ...(crossesNetworks ? { eastWest: gateway(gateways.eastWest) } : {}),
    },
    egressHosts: args.egressHosts ?? [],
    tracing: args.tracing,
    pluginFolder: args.pluginFolder ?? "/opt/cni/bin",
    withoutController: args.withoutController ?? false,
    certificatesIssued: args.certificatesIssued ?? true,
  };
  check(settings);
  return settings;
}

const gateway = (args: GatewayArgs = {}): GatewaySettings => ({
  replicas: args.replicas ?? REPLICAS,
  size: args.size ?? GATEWAY_SIZE,
  serviceAnnotations: args.serviceAnnotations ?? {},
  sourceRanges: args.sourceRanges ?? [],
});

const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/;

function check(settings: Settings): void {
  const { cluster, egressHosts, environment, gateways, images, network, peers, pluginFolder, revision } = settings;
  for (const [field, value] of Object.entries({ environment, cluster, network, revision })) {
    requireDnsLabel("istio", field, value);
  }
  if (revision.length > 40) {
    throw new Error(`istio: revision is "${revision}", must be at most 40 characters: names of objects end in it`);
  }
  for (const peer of peers) {
    requireDnsLabel("istio", "peers.cluster", peer.cluster);
    requireDnsLabel("istio", `peers.${peer.cluster}.network`, peer.network);
    for (const range of peer.apiServerCidrs ?? []) {
      requireCidr("istio", `peers.${peer.cluster}.apiServerCidrs`, range);
    }
    if (peer.cluster === cluster) {
      throw new Error(`istio: peers has "${cluster}", which is this cluster itself, must be the others only`);
    }
  }
  for (const [program, image] of Object.entries(images)) {
    if (image.trim() === "") {
      throw new Error(`istio: images.${program} is empty, must be registry/repository:tag@sha256:digest`);
    }
  }
  for (const [field, value] of [
    ["trustDomain", settings.trustDomain],
    ...egressHosts.map((host) => ["egressHosts", host]),
  ]) {
    if (!DNS_NAME.test(value ?? "")) {
      throw new Error(`istio: ${field} has "${value}", must be a DNS name of two labels or more, without wildcards`);
    }
  }
  const long = egressHosts.find((host) => host.length > 63);
  if (long !== undefined) {
    throw new Error(`istio: egressHosts has "${long}", must be at most 63 characters: a subset is named after it`);
  }
  const names = egressHosts.map((host) => host.replaceAll(".", "-"));
  const twin = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twin >= 0) {
    const other = egressHosts[names.indexOf(names[twin] ?? "")];
    throw new Error(
      `istio: egressHosts has "${egressHosts[twin]}" and "${other}", must differ in more than dots and hyphens`,
    );
  }
  if (!/^\/([\w.-]+\/?)+$/.test(pluginFolder)) {
    throw new Error(`istio: pluginFolder is "${pluginFolder}", must be an absolute path`);
  }
  if (settings.tracing) checkTracing(settings.tracing);
  checkReplicas("replicas", settings.replicas);
  for (const kind of Object.keys(GATEWAY_NAMES) as GatewayKind[]) {
    const its = gateways[kind];
    if (its) checkReplicas(`gateways.${kind}.replicas`, its.replicas);
    for (const range of its?.sourceRanges ?? []) requireCidr("istio", `gateways.${kind}.sourceRanges`, range);
  }
  if ((gateways.egress?.sourceRanges ?? []).length > 0) {
    throw new Error("istio: gateways.egress.sourceRanges is given, must be absent: no load balancer leads to it");
  }
}

function checkReplicas(field: string, { max, min }: Replicas): void {
  if (!Number.isInteger(min) || min < 2 || min > 20) {
    throw new Error(
      `istio: ${field}.min is ${min}, must be a whole number of 2–20: one must be left when a node is drained`,
    );
  }
  if (!Number.isInteger(max) || max < min || max > 20) {
    throw new Error(`istio: ${field}.max is ${max}, must be a whole number from min, ${min}, to 20`);
  }
}

function checkTracing({ port, samplingPercent, service }: Tracing): void {
  if (!/^[a-z0-9-]+\.[a-z0-9-]+\.svc\.cluster\.local$/.test(service)) {
    throw new Error(`istio: tracing.service is "${service}", must be <service>.<namespace>.svc.cluster.local`);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`istio: tracing.port is ${port}, must be a whole number of 1–65535`);
  }
  if (!(samplingPercent >= 0 && samplingPercent <= 100)) {
    throw new Error(`istio: tracing.samplingPercent is ${samplingPercent}, must be a number of 0–100`);
  }
}
