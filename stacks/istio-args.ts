/**
 * From an environment to the mesh of one of its clusters. What it must know of the others is read from the environment,
 * so that stacks of single clusters need no order.
 */
import { PLATFORM_ISSUER } from "../components/cert-manager/issuers";
import type { IstioArgs } from "../components/istio/settings";
import { namespacesOn } from "../components/tenant";
import { readUpstreamLock } from "../components/upstream/lock";
import type { Environment } from "./environment";
import { isWithoutController } from "./sandbox-controllers";
import { tenantsOf } from "./tenants";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where the mesh is somebody else's, or off
 */
export function istioArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): IstioArgs | undefined {
  const { clusters } = environment;
  const tenants = tenantsOf(environment);
  const { egressHosts, gateways, management, maxReplicas, minReplicas, revision, trustDomain } =
    environment.components.istio;
  const cluster = clusters[name];
  if (management !== "managed" || !cluster) return undefined;
  const gateway = ({ serviceAnnotations, sourceRanges, ...replicas }: (typeof gateways)["ingress"]) => ({
    replicas: { min: replicas.minReplicas, max: replicas.maxReplicas },
    serviceAnnotations,
    sourceRanges,
  });
  return {
    environment: environment.name,
    cluster: name,
    network: cluster.network.name,
    peers: Object.entries(clusters)
      .filter(([other]) => other !== name)
      .map(([other, { network }]) => ({
        cluster: other,
        network: network.name,
        apiServerCidrs: network.apiServerCidrs,
      })),
    images: { pilot: image("istio-pilot"), proxy: image("istio-proxy"), nodeAgent: image("istio-cni") },
    version: readUpstreamLock().istio?.version ?? "",
    issuer: PLATFORM_ISSUER,
    tenants: tenants.map((tenant) => ({ name: tenant.name, namespaces: Object.keys(tenant.namespaces) })),
    tenantNamespaces: tenants.flatMap((tenant) => namespacesOn(tenant, name)),
    trustDomain,
    revision,
    replicas: { min: minReplicas, max: maxReplicas },
    gateways: {
      ingress: gateway(gateways.ingress),
      egress: gateway(gateways.egress),
      eastWest: gateway(gateways.eastWest),
    },
    egressHosts,
    pluginFolder: cluster.cloud === "gcp" ? "/home/kubernetes/bin" : "/opt/cni/bin",
    withoutController: isWithoutController(environment, "istio"),
    certificatesIssued: !isWithoutController(environment, "cert-manager"),
  };
}
