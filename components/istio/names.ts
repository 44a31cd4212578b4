/**
 * Where the parts of the mesh live, and what they are called.
 */
import type { KubeObject } from "../kube-object";
import { type Labels, objectLabels } from "../labels";

/** istiod and what holds for the whole mesh; proxies look for it here unless told otherwise, so it is not to choose. */
export const ISTIO_NAMESPACE = "istio-system";

/** The agent that leads the traffic of each node's pods through their proxies. */
export const NODE_AGENT_NAMESPACE = "istio-cni";

/** A gateway's namespace: none but the gateway's own secrets and rights are in it. */
export const GATEWAY_NAMESPACES = {
  ingress: "istio-ingress",
  egress: "istio-egress",
  eastWest: "istio-eastwest",
} as const;

/** Groups of Istio's own objects. */
export const ISTIO_GROUPS = ["extensions.istio.io", "networking.istio.io", "security.istio.io", "telemetry.istio.io"];

/** Which way a gateway leads: into the cluster, out of it, or to the mesh's other networks. */
export type GatewayKind = keyof typeof GATEWAY_NAMESPACES;

/** Names of the gateways' objects; their ServiceAccounts are the last part of their identity in the mesh. */
export const GATEWAY_NAMES: Readonly<Record<GatewayKind, string>> = {
  ingress: "istio-ingressgateway",
  egress: "istio-egressgateway",
  eastWest: "istio-eastwestgateway",
};

/** Labels by which a Gateway object selects a gateway's pods: `istio: ingressgateway`, as is usual. */
export const gatewaySelector = (kind: GatewayKind): Labels => ({ istio: GATEWAY_NAMES[kind].replace(/^istio-/, "") });

/** The label that says which control plane answers for a namespace, a pod or a webhook. */
export const REVISION_LABEL = "istio.io/rev";

/** The label that says in which network pods, and the gateway that leads to them, are. */
export const NETWORK_LABEL = "topology.istio.io/network";

/** Port of an east-west gateway: mutual TLS from one program to another, passed on unopened. Istio's own convention. */
export const CROSS_NETWORK_PORT = 15_443;

/** Name of what exists once per revision: `istiod`, `istiod-1-30`. */
export const revisioned = (name: string, revision: string): string =>
  revision === "default" ? name : `${name}-${revision}`;

/** An object of the mesh. */
export function istioObject(
  apiVersion: string,
  kind: string,
  { name, namespace, part, labels }: { name: string; namespace?: string | undefined; part: string; labels?: Labels },
  body: object,
): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), labels: { ...labels, ...objectLabels("istio", part) } },
    ...body,
  };
}
