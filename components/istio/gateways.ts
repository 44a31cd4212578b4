/**
 * The gateways: proxies of the platform's own through which traffic enters the cluster, leaves it, or crosses to the
 * mesh's other networks.
 *
 *     clients ──▶ ingress ──▶ tenants' programs ──▶ egress ──▶ named hosts outside
 *                                     └──▶ east-west of the other network ──▶ its programs
 *
 * Their pods are written out in full and not injected, so that they start while istiod's webhook cannot answer, run an
 * image that is pinned, and are judged by the rules as they will run.
 */
import { ANYWHERE, type Flow, type PodsPeer } from "../flow";
import type { KubeObject } from "../kube-object";
import { type Labels, selectorLabels } from "../labels";
import { type Workload, workload } from "../workload";
import type { ContainerPort, Size } from "../workload/container";
import { type Replicas, toControlPlane } from "./control-plane";
import {
  CROSS_NETWORK_PORT,
  GATEWAY_NAMES,
  GATEWAY_NAMESPACES,
  type GatewayKind,
  gatewaySelector,
  istioObject,
  NETWORK_LABEL,
  REVISION_LABEL,
} from "./names";
import {
  ENVOY_METRICS,
  MERGED_METRICS,
  type Place,
  PROXY_CONTAINER,
  PROXY_MOUNTS,
  PROXY_READY,
  PROXY_USER,
  PROXY_VOLUMES,
  proxyArguments,
  proxyVariables,
} from "./proxy";

/** How a gateway runs. */
export interface GatewaySettings {
  /** How many pods. */
  readonly replicas: Replicas;
  /** What one pod may use. */
  readonly size: Size;
  /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. */
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** Ranges of addresses that the load balancer takes traffic from, CIDR; empty for all. */
  readonly sourceRanges: readonly string[];
}

export interface GatewaysArgs extends Place {
  /** Image of the proxy: `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Configuration of the proxy, as JSON. */
  readonly config: string;
  /** Which gateways there are, and how each runs. */
  readonly gateways: Readonly<Partial<Record<GatewayKind, GatewaySettings>>>;
}

/** Ports that a gateway's traffic comes in by; above 1024, so that no capability is needed. Istio translates the Service's. */
const TRAFFIC: Readonly<Record<GatewayKind, readonly (ContainerPort & { readonly servicePort: number })[]>> = {
  ingress: [
    { name: "http2", port: 8080, servicePort: 80 },
    { name: "https", port: 8443, servicePort: 443 },
  ],
  egress: [{ name: "https", port: 8443, servicePort: 443 }],
  eastWest: [{ name: "tls", port: CROSS_NETWORK_PORT, servicePort: CROSS_NETWORK_PORT }],
};

/** Numbers of the ports in the pods that a gateway's traffic comes in by. */
export const trafficPorts = (kind: GatewayKind): number[] => TRAFFIC[kind].map(({ port }) => port);

/** Gateways that a load balancer leads to; the egress gateway is for the cluster's own pods. */
const isPublic = (kind: GatewayKind) => kind !== "egress";

/** Each gateway as a workload. */
export function gatewayWorkloads(args: GatewaysArgs): ReadonlyMap<GatewayKind, Workload> {
  const kinds = Object.keys(GATEWAY_NAMES) as GatewayKind[];
  return new Map(
    kinds.flatMap((kind): [GatewayKind, Workload][] => {
      const settings = args.gateways[kind];
      return settings ? [[kind, gatewayWorkload(kind, settings, args)]] : [];
    }),
  );
}

/** The pods of a gateway. */
export const gatewayPods = (kind: GatewayKind): PodsPeer => ({
  namespace: GATEWAY_NAMESPACES[kind],
  pods: selectorLabels(GATEWAY_NAMES[kind], PROXY_CONTAINER),
});

/** The Service that leads to a gateway; ports as its Gateway objects name them. */
export function gatewayService(kind: GatewayKind, settings: GatewaySettings, { network }: Place): KubeObject {
  const { serviceAnnotations, sourceRanges } = settings;
  const status = isPublic(kind) ? [{ ...PROXY_READY, servicePort: PROXY_READY.port }] : [];
  const service = istioObject(
    "v1",
    "Service",
    {
      name: GATEWAY_NAMES[kind],
      namespace: GATEWAY_NAMESPACES[kind],
      part: "gateway",
      // every istiod of the mesh finds the way into this network by it
      labels: { ...gatewaySelector(kind), ...(kind === "eastWest" ? { [NETWORK_LABEL]: network } : {}) },
    },
    {
      spec: {
        type: isPublic(kind) ? "LoadBalancer" : "ClusterIP",
        selector: gatewayPods(kind).pods,
        ports: [...status, ...TRAFFIC[kind]].map(({ name, servicePort }) => ({
          name,
          port: servicePort,
          protocol: "TCP",
          targetPort: name,
        })),
        ...(sourceRanges.length > 0 ? { loadBalancerSourceRanges: sourceRanges } : {}),
      },
    },
  );
  if (Object.keys(serviceAnnotations).length === 0) return service;
  return { ...service, metadata: { ...service.metadata, annotations: serviceAnnotations } };
}

/** Who connects to a gateway, and whom it connects to. */
export function gatewayFlows(
  kinds: readonly GatewayKind[],
  {
    istiod,
    meshNamespaces,
    reachesOutside,
  }: {
    readonly istiod: Workload;
    /** Namespaces whose pods are in the mesh. */
    readonly meshNamespaces: readonly string[];
    /** Whether hosts outside are named that the egress gateway leads to. */
    readonly reachesOutside: boolean;
  },
): Flow[] {
  const all = (namespace: string): PodsPeer => ({ namespace, pods: "all" });
  const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" as const }));
  return kinds.flatMap((kind): Flow[] => {
    const pods = gatewayPods(kind);
    const shared = [toControlPlane(pods, istiod, "a gateway asks istiod for its routes and its certificate")];
    if (kind === "egress") {
      const outside = { cidrs: ANYWHERE, reason: "hosts outside are named, and their addresses change" };
      return [
        ...shared,
        ...meshNamespaces.map(
          (namespace): Flow => ({
            from: all(namespace),
            to: pods,
            ports: tcp(...trafficPorts(kind)),
            why: "programs reach named hosts outside by the egress gateway",
          }),
        ),
        ...(reachesOutside
          ? [{ from: pods, to: outside, ports: tcp(443), why: "the egress gateway reaches the hosts that are named" }]
          : []),
      ];
    }
    const clients =
      kind === "ingress"
        ? { reason: "clients are outside of the cluster", why: "clients reach the ingress gateway" }
        : {
            reason: "the other networks' pods appear as their nodes or gateways",
            why: "programs of other networks reach those of this one",
          };
    return [
      ...shared,
      {
        from: { cidrs: ANYWHERE, reason: clients.reason },
        to: pods,
        // load balancers ask 15021 whether a gateway is ready
        ports: tcp(...trafficPorts(kind), PROXY_READY.port),
        why: clients.why,
      },
      ...meshNamespaces.map(
        (namespace): Flow => ({
          from: pods,
          to: all(namespace),
          ports: "all",
          why: "a gateway leads to the programs that routes name",
        }),
      ),
    ];
  });
}

/** Pods reach programs of other networks by those networks' gateways, whose addresses are the cloud's to give. */
export function crossNetworkFlows(from: readonly PodsPeer[]): Flow[] {
  const gateways = { cidrs: ANYWHERE, reason: "other networks' gateways have addresses that their clouds give" };
  return from.map((pods) => ({
    from: pods,
    to: gateways,
    ports: [{ port: CROSS_NETWORK_PORT, protocol: "TCP" }],
    why: "programs reach those of other networks by their east-west gateway",
  }));
}

function gatewayWorkload(
  kind: GatewayKind,
  { replicas, size }: GatewaySettings,
  { config, image, ...place }: GatewaysArgs,
): Workload {
  const labels: Labels = {
    ...gatewaySelector(kind),
    [REVISION_LABEL]: place.revision,
    "sidecar.istio.io/inject": "false",
    "istio.io/dataplane-mode": "none",
    "service.istio.io/canonical-name": GATEWAY_NAMES[kind],
    ...(kind === "eastWest" ? { [NETWORK_LABEL]: place.network } : {}),
  };
  return workload({
    namespace: GATEWAY_NAMESPACES[kind],
    name: GATEWAY_NAMES[kind],
    component: PROXY_CONTAINER,
    objectName: GATEWAY_NAMES[kind],
    image,
    replicas: replicas.min,
    // 80 %: upstream's own
    autoscaling: { maxReplicas: replicas.max, cpuPercent: 80 },
    size,
    userId: PROXY_USER,
    priorityClassName: "platform-critical",
    args: proxyArguments("router"),
    env: [
      ...proxyVariables(place, { config, interception: "NONE" }),
      { name: "ISTIO_META_WORKLOAD_NAME", value: GATEWAY_NAMES[kind] },
      {
        name: "ISTIO_META_OWNER",
        value: `kubernetes://apis/apps/v1/namespaces/${GATEWAY_NAMESPACES[kind]}/deployments/${GATEWAY_NAMES[kind]}`,
      },
      // only endpoints of its own network: what it is asked for by others ends here
      ...(kind === "eastWest" ? [{ name: "ISTIO_META_REQUESTED_NETWORK_VIEW", value: place.network }] : []),
    ],
    ports: [...TRAFFIC[kind].map(({ name, port }) => ({ name, port })), PROXY_READY, MERGED_METRICS, ENVOY_METRICS],
    startup: { how: { httpGet: "/healthz/ready", port: PROXY_READY.name }, periodSeconds: 1, failureThreshold: 600 },
    // times as upstream
    readiness: {
      how: { httpGet: "/healthz/ready", port: PROXY_READY.name },
      periodSeconds: 15,
      timeoutSeconds: 3,
      failureThreshold: 4,
    },
    volumes: PROXY_VOLUMES,
    mounts: PROXY_MOUNTS,
    podLabels: labels,
    scrape: { port: MERGED_METRICS.name, path: "/stats/prometheus" },
  });
}
