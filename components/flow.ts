/**
 * Who may talk to whom: the one typed list from which every NetworkPolicy of a cluster is computed.
 *
 *   component's flows ─┐
 *   DNS of namespaces ─┼─→ Flow[] ─→ network-policies.ts ─→ NetworkPolicy per group of pods
 *   tenants' flows ────┘
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
import { isWithin, requireCidr } from "./cidr";
import { type Labels, requireDnsLabel } from "./labels";

/** One port as the pod (not the Service) listens on it. */
export interface FlowPort {
  /** 1–65535. */
  readonly port: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
}

/** Pods of one namespace: those that carry all of the labels, or every one. */
export interface PodsPeer {
  /** DNS label. */
  readonly namespace: string;
  /** Labels that select them, at least one; or, said in a word, `all`. */
  readonly pods: Labels | "all";
}

/** Addresses outside the cluster's pods. */
export interface AddressPeer {
  /** Ranges of addresses, CIDR, at least one. {@link ANYWHERE} for all. */
  readonly cidrs: readonly string[];
  /** Ranges inside of them that are left out, CIDR. @default none */
  readonly except?: readonly string[];
  /** Why addresses and not pods: one sentence. */
  readonly reason: string;
}

/**
 * An end of a flow:
 * - pods, or a whole namespace;
 * - addresses;
 * - `api-server`: kube-apiserver as pods reach it. It is no pod, so it has no labels: see network-policies.ts;
 * - `control-plane`: whoever calls webhooks and aggregated APIs for kube-apiserver, as pods see it;
 * - `cluster-dns`: the cluster's resolver.
 */
export type Peer = PodsPeer | AddressPeer | "api-server" | "control-plane" | "cluster-dns";

/** One permission to open connections: both the egress of `from` and the ingress of `to`. Answers need none. */
export interface Flow {
  readonly from: Peer;
  readonly to: Peer;
  /** At least one; or, said in a word, `all`. */
  readonly ports: readonly FlowPort[] | "all";
  /** What it is for: one sentence, kept on the NetworkPolicy. */
  readonly why: string;
}

/** Every address, of both families. */
export const ANYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/** 443: Service `kubernetes` and managed control planes. 6443: kube-apiserver's own `--secure-port` default. */
export const API_SERVER_PORTS: readonly FlowPort[] = [
  { port: 443, protocol: "TCP" },
  { port: 6443, protocol: "TCP" },
];

/** 53: IANA `domain`; TCP carries answers that do not fit a datagram. */
export const DNS_PORTS: readonly FlowPort[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

/** The flow of a controller that watches or writes objects. */
export function toApiServer(from: PodsPeer, why: string): Flow {
  return { from, to: "api-server", ports: API_SERVER_PORTS, why };
}

/** The flow of pods that look names up. */
export function toClusterDns(from: PodsPeer, why: string): Flow {
  return { from, to: "cluster-dns", ports: DNS_PORTS, why };
}

/** Narrows a peer to pods. */
export function isPods(peer: Peer): peer is PodsPeer {
  return typeof peer === "object" && "namespace" in peer;
}

/** A peer in words: `cert-manager/webhook`, `tenant-a/*`, `api-server`, `10.0.0.0/8`. */
export function describePeer(peer: Peer): string {
  if (typeof peer === "string") return peer;
  if (!isPods(peer)) return peer.cidrs === ANYWHERE ? "anywhere" : peer.cidrs.join(", ");
  if (peer.pods === "all") return `${peer.namespace}/*`;
  const { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component, ...others } = peer.pods;
  const known = [name, component].filter((value) => value !== undefined).join("-");
  const rest = Object.entries(others).map(([key, value]) => `${key}=${value}`);
  return `${peer.namespace}/${[known, ...rest].filter(Boolean).join(",")}`;
}

/** A flow in words: `control-plane → cert-manager/webhook TCP 10250`. */
export function describeFlow({ from, to, ports }: Flow): string {
  const said = ports === "all" ? "all ports" : ports.map(({ port, protocol }) => `${protocol} ${port}`).join(", ");
  return `${describePeer(from)} → ${describePeer(to)} ${said}`;
}

/**
 * @throws Error naming the flow and its wrong field: no reason, no port, a port out of 1–65535, an empty selector,
 *   a namespace that is no DNS label, a range that is no CIDR, two ends none of which is a pod
 */
export function checkFlow(flow: Flow): void {
  const whose = `flow ${describeFlow(flow)}`;
  if (flow.why.trim() === "") throw new Error(`${whose}: why is empty, must say in one sentence what the flow is for`);
  if (flow.ports !== "all") {
    if (flow.ports.length === 0) throw new Error(`${whose}: ports is empty, must name at least one or be "all"`);
    for (const { port } of flow.ports) {
      if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new Error(`${whose}: port is ${port}, must be a whole number of 1–65535`);
      }
    }
  }
  checkPeer(whose, "from", flow.from);
  checkPeer(whose, "to", flow.to);
  if (!isPods(flow.from) && !isPods(flow.to)) {
    throw new Error(`${whose}: neither end is pods, so no NetworkPolicy can carry it: name the pods of one end`);
  }
  if (flow.from === "api-server") {
    throw new Error(`${whose}: from is api-server, must be control-plane for calls that kube-apiserver starts`);
  }
  if (flow.from === "cluster-dns" || flow.to === "control-plane") {
    throw new Error(`${whose}: cluster-dns is only ever asked, and control-plane only ever asks: swap the ends`);
  }
}

function checkPeer(whose: string, end: "from" | "to", peer: Peer): void {
  if (typeof peer === "string") return;
  if (isPods(peer)) {
    requireDnsLabel(whose, `${end}.namespace`, peer.namespace);
    if (peer.pods !== "all" && Object.keys(peer.pods).length === 0) {
      throw new Error(`${whose}: ${end}.pods has no labels, must have one at least or be "all"`);
    }
    return;
  }
  if (peer.reason.trim() === "") {
    throw new Error(`${whose}: ${end}.reason is empty, must say why addresses are meant and not pods`);
  }
  if (peer.cidrs.length === 0) throw new Error(`${whose}: ${end}.cidrs is empty, must name at least one range`);
  for (const cidr of peer.cidrs) requireCidr(whose, `${end}.cidrs`, cidr);
  for (const cidr of peer.except ?? []) {
    requireCidr(whose, `${end}.except`, cidr);
    if (!peer.cidrs.some((range) => isWithin(cidr, range))) {
      throw new Error(`${whose}: ${end}.except has "${cidr}", must lie in one of ${peer.cidrs.join(", ")}`);
    }
  }
}
