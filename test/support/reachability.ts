/**
 * Whether a connection is allowed, by the specification of NetworkPolicy: policies add up, a pod that no policy selects
 * for a direction is open in it, and both ends must agree. Nothing in the sandbox enforces policies, so this does.
 *
 * It takes `ipBlock` at its word: an address is matched wherever it belongs, be it a pod's.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
import { isWithin } from "../../components/cidr";
import type { KubeObject } from "../../components/kube-object";
import type { Labels } from "../../components/labels";

/** An end of a connection: a pod, or (without namespace) an address that is none. */
export interface Endpoint {
  readonly address: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

export interface Connection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: string;
}

/** Labels of each namespace by its name; the API server sets `kubernetes.io/metadata.name` on every one. */
export type NamespaceLabels = Readonly<Record<string, Labels>>;

/** Whether the policies let the connection leave its source and enter its target. */
export function isReachable(
  policies: readonly KubeObject[],
  namespaces: NamespaceLabels,
  connection: Connection,
): boolean {
  const { from, to } = connection;
  return (
    opens("Egress", policies, namespaces, from, to, connection) &&
    opens("Ingress", policies, namespaces, to, from, connection)
  );
}

type Direction = "Ingress" | "Egress";

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}
interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Rule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly {
    readonly port?: number | string;
    readonly endPort?: number;
    readonly protocol?: string;
  }[];
}
interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes?: readonly Direction[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** Whether the policies of `own` let it talk to `other` in one direction. */
function opens(
  direction: Direction,
  policies: readonly KubeObject[],
  namespaces: NamespaceLabels,
  own: Endpoint,
  other: Endpoint,
  { port, protocol }: Connection,
): boolean {
  if (own.namespace === undefined) return true;
  const selecting = policies.filter(({ metadata, spec }) => {
    const { podSelector, policyTypes, egress } = spec as Spec;
    // absent types: ingress always, egress where there are egress rules
    const types = policyTypes ?? (egress ? ["Ingress", "Egress"] : ["Ingress"]);
    return metadata.namespace === own.namespace && types.includes(direction) && selects(podSelector, own.labels ?? {});
  });
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) => {
    const rules = (direction === "Ingress" ? (spec as Spec).ingress : (spec as Spec).egress) ?? [];
    return rules.some((rule) => {
      const peers = direction === "Ingress" ? rule.from : rule.to;
      const known = !peers?.length || peers.some((peer) => isPeer(peer, metadata.namespace ?? "", namespaces, other));
      return known && (!rule.ports?.length || rule.ports.some((each) => isPort(each, port, protocol)));
    });
  });
}

function isPeer(peer: PolicyPeer, policyNamespace: string, namespaces: NamespaceLabels, end: Endpoint): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return isWithin(end.address, cidr) && !except.some((range) => isWithin(end.address, range));
  }
  if (end.namespace === undefined) return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, {
        ...namespaces[end.namespace],
        "kubernetes.io/metadata.name": end.namespace,
      })
    : end.namespace === policyNamespace;
  return inNamespace && (!peer.podSelector || selects(peer.podSelector, end.labels ?? {}));
}

function isPort(rule: NonNullable<Rule["ports"]>[number], port: number, protocol: string): boolean {
  if (typeof rule.port === "string") throw new Error(`port "${rule.port}" is a name: flows carry numbers`);
  if ((rule.protocol ?? "TCP") !== protocol) return false;
  return rule.port === undefined || (port >= rule.port && port <= (rule.endPort ?? rule.port));
}

function selects({ matchExpressions = [], matchLabels = {} }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`operator "${operator}" is none of In, NotIn, Exists, DoesNotExist`);
      }
    })
  );
}
