/** The way into the hub for the collectors of other clusters: a load balancer in front of its gateways. */
import { type AddressPeer, ANYWHERE, type PodsPeer } from "../flow";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { OTLP_GRPC_PORT } from "./configuration";

/** Where other clusters bring their telemetry, and what of it is believed. */
export interface Ingest {
  /** DNS name by which other clusters reach it; the gateways' certificate is made out to it. */
  readonly host: string;
  /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. */
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** Ranges of addresses, CIDR, that it takes connections from; none: from every address. */
  readonly sourceRanges: readonly string[];
  /** Tenants of all clusters, DNS labels: what says of itself that it belongs to another is the platform's. */
  readonly tenants: readonly string[];
}

/** Name of the Service. */
const INGEST = "opentelemetry-ingest";

/** Who comes by it, as its pods see it. */
export const otherClusters = ({ sourceRanges }: Ingest): AddressPeer => ({
  cidrs: sourceRanges.length > 0 ? sourceRanges : ANYWHERE,
  reason: "spokes come by a load balancer, from addresses of their own network",
});

/** Local: the address that a connection comes from stays what it is, so that the network policy can judge it. */
export function ingestService(
  namespace: string,
  { pods }: PodsPeer,
  targetPort: string,
  { serviceAnnotations, sourceRanges }: Ingest,
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: INGEST,
      namespace,
      labels: objectLabels("opentelemetry-collector", "gateway"),
      ...(Object.keys(serviceAnnotations).length > 0 ? { annotations: serviceAnnotations } : {}),
    },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      ...(sourceRanges.length > 0 ? { loadBalancerSourceRanges: sourceRanges } : {}),
      selector: pods,
      ports: [{ name: "otlp-grpc", port: OTLP_GRPC_PORT, targetPort, protocol: "TCP", appProtocol: "tls" }],
    },
  };
}
