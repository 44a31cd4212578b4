/**
 * Istio: every program proves who it is to every other, in one mesh over all clusters and networks.
 *
 *     platform CA ──▶ intermediate ──▶ istiod ──certificates, routes──▶ proxies: in tenants' pods, and the gateways
 *                                        ▲ checks Istio's objects, puts the proxy into pods
 *     node agent ──leads a pod's traffic through its proxy
 *
 * Multi-primary: each cluster has its own istiod, and clusters of different networks meet at east-west gateways. The
 * CustomResourceDefinitions are upstream's; everything else is written here, and compared with upstream's charts.
 *
 * @see https://istio.io/latest/docs/ops/deployment/deployment-models/
 */
import { App, Chart } from "cdk8s";
import type { Flow, PodsPeer } from "./flow";
import { ISTIO_ALERTS } from "./istio/alerts";
import { certificate } from "./istio/certificate";
import { controlPlane, toControlPlane } from "./istio/control-plane";
import { egressRoutes } from "./istio/egress";
import { crossNetworkFlows, gatewayFlows, gatewayPods, gatewayService, gatewayWorkloads } from "./istio/gateways";
import { injectorConfigMap } from "./istio/injection";
import { meshConfigMap, proxyConfig } from "./istio/mesh-config";
import {
  GATEWAY_NAMESPACES,
  type GatewayKind,
  ISTIO_NAMESPACE,
  NETWORK_LABEL,
  NODE_AGENT_NAMESPACE,
  REVISION_LABEL,
} from "./istio/names";
import { nodeAgent, nodeAgentQuota } from "./istio/node-agent";
import { policies } from "./istio/policies";
import { remoteSecret, toPeers } from "./istio/remote-secrets";
import { controlPlaneRoles, ingressRoles, nodeAgentRoles, readerRoles } from "./istio/roles";
import { type IstioArgs, type Settings, settingsOf } from "./istio/settings";
import { crossNetworkGateway, localityFailover, telemetry } from "./istio/traffic";
import { webhooks } from "./istio/webhooks";
import { type KubeObject, objectsOf } from "./kube-object";
import { type Labels, objectLabels } from "./labels";
import { Manifest } from "./manifest";
import { withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import type { PlatformNamespace } from "./platform-namespace";
import type { ScrapeTarget } from "./scrape-target";
import type { SecretReference } from "./secret-reference";
import { upstreamObjects } from "./upstream";
import type { Workload } from "./workload";
import type { Departure } from "./workload/departures";

/**
 * The manifests of the mesh in one cluster.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class IstioChart extends Chart {
  constructor(args: IstioArgs) {
    super(new App(), "istio", { disableResourceNameHashes: true });
    for (const object of objects(settingsOf(args))) {
      const { kind, metadata } = object;
      new Manifest(this, [kind, metadata.namespace, metadata.name].filter(Boolean).join("-"), object);
    }
  }
}

/** The namespaces that the mesh needs; none of them is a tenant's. */
export function istioNamespaces(args: IstioArgs): PlatformNamespace[] {
  const { gateways, network } = settingsOf(args);
  return [
    // istiods of other clusters read here in which network this cluster's pods are
    { name: ISTIO_NAMESPACE, labels: { [NETWORK_LABEL]: network } },
    {
      name: NODE_AGENT_NAMESPACE,
      podSecurity: {
        level: "privileged",
        reason: "the node agent changes the network of pods, from folders of the node, so that no other pod needs to",
      },
    },
    ...kindsOf(gateways).map((kind) => ({ name: GATEWAY_NAMESPACES[kind] })),
  ];
}

/** The label by which a namespace's pods join the mesh. */
export function meshLabels(args: IstioArgs): Labels {
  return { [REVISION_LABEL]: settingsOf(args).revision };
}

/** Who connects to the mesh's own programs, whom they connect to, and what proxies need in tenants' pods. */
export function istioFlows(args: IstioArgs): Flow[] {
  const settings = settingsOf(args);
  const { crossesNetworks, egressHosts, tenantNamespaces } = settings;
  const made = programs(settings);
  const kinds = kindsOf(settings.gateways);
  const inMesh = tenantNamespaces.map((namespace): PodsPeer => ({ namespace, pods: "all" }));
  return [
    ...[made.istiod, made.nodeAgent, ...made.gateways.values()].flatMap(({ flows }) => flows),
    ...toPeers(made.istiod.pods, settings.peers),
    ...inMesh.map((from) => toControlPlane(from, made.istiod, "a proxy asks istiod for routes and its certificate")),
    ...gatewayFlows(kinds, {
      istiod: made.istiod,
      meshNamespaces: tenantNamespaces,
      reachesOutside: egressHosts.length > 0,
    }),
    ...(crossesNetworks ? crossNetworkFlows([...inMesh, gatewayPods("ingress")]) : []),
  ];
}

/** Metrics of istiod, the node agent and the gateways. */
export function istioScrapeTargets(args: IstioArgs): ScrapeTarget[] {
  return workloads(settingsOf(args)).flatMap(({ scrapeTarget }) => scrapeTarget ?? []);
}

/** Where its pods are less safe than every workload is by default. */
export function istioDepartures(args: IstioArgs): Departure[] {
  return workloads(settingsOf(args)).flatMap(({ departures }) => departures);
}

/** Access to the mesh's other clusters, which istiod needs to know what runs there. */
export function istioSecrets(args: IstioArgs): SecretReference[] {
  const { environment, peers } = settingsOf(args);
  return peers.map(({ cluster }) => remoteSecret(environment, cluster));
}

/** All of it. */
export function istioPart(args: IstioArgs): Part {
  return {
    name: "istio",
    namespaces: istioNamespaces(args),
    flows: istioFlows(args),
    objects: objectsOf(new IstioChart(args)),
    scrapeTargets: istioScrapeTargets(args),
    alerts: ISTIO_ALERTS,
    departures: istioDepartures(args),
    secrets: istioSecrets(args),
  };
}

function objects(settings: Settings): KubeObject[] {
  const { certificatesIssued, gateways, issuer, revision, sidecarSize, tenantNamespaces, withoutController } = settings;
  const made = programs(settings);
  const kinds = kindsOf(gateways);
  return [
    ...upstreamObjects("istio").map((definition) => bare(withoutDescriptions(definition))),
    certificate({ ...settings, issuer, awaited: certificatesIssued }),
    meshConfigMap(settings),
    injectorConfigMap({ ...settings, image: settings.images.proxy, size: sidecarSize }),
    ...controlPlaneRoles(revision, made.istiod.serviceAccountName),
    ...readerRoles(revision),
    ...[...made.gateways].flatMap(([kind, { serviceAccountName }]) =>
      kind === "ingress" ? ingressRoles(serviceAccountName) : [],
    ),
    nodeAgentQuota(),
    ...nodeAgentRoles(made.nodeAgent.serviceAccountName),
    ...workloads(settings).flatMap((each) => each.objects),
    ...kinds.flatMap((kind) => {
      const its = gateways[kind];
      return its ? [gatewayService(kind, its, settings)] : [];
    }),
    ...policies({ ...settings, gateways: kinds, namespaces: tenantNamespaces }),
    telemetry(settings.tracing),
    localityFailover(),
    ...(gateways.eastWest ? [crossNetworkGateway()] : []),
    ...egressRoutes(settings.egressHosts),
    ...(withoutController ? [] : webhooks(revision)),
  ];
}

/** Upstream's labels and annotations are Helm's. */
function bare({ metadata: { name }, ...definition }: KubeObject): KubeObject {
  return { ...definition, metadata: { name, labels: objectLabels("istio") } };
}

const kindsOf = (gateways: Settings["gateways"]) => Object.keys(gateways) as GatewayKind[];

function workloads(settings: Settings): Workload[] {
  const { gateways, istiod, nodeAgent: agent } = programs(settings);
  return [istiod, agent, ...gateways.values()];
}

function programs(settings: Settings): {
  readonly istiod: Workload;
  readonly nodeAgent: Workload;
  readonly gateways: ReadonlyMap<GatewayKind, Workload>;
} {
  const { images } = settings;
  return {
    istiod: controlPlane({ ...settings, image: images.pilot }),
    nodeAgent: nodeAgent({ ...settings, image: images.nodeAgent, size: { cpuMillicores: 100, memoryMiB: 128 } }),
    gateways: gatewayWorkloads({
      ...settings,
      image: images.proxy,
      config: JSON.stringify(proxyConfig(settings)),
    }),
  };
}
