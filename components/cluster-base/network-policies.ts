/**
 * The one place where NetworkPolicies are computed: nothing may talk to anything, except the flows.
 *
 *   namespace ─→ default-deny                      (ingress and egress, every pod)
 *   flow      ─→ egress rule where it starts  ┐
 *             └→ ingress rule where it ends   ┴─→ one policy per group of pods
 *
 * The API server is no pod: it has no labels, and runs on the nodes' network or outside the cluster. It is therefore said
 * by address. A packet to it carries the address of the Service `kubernetes` (the first of the Service range) before the
 * node translates it and an endpoint's address after; the specification leaves open which of the two a network plugin
 * compares, so both are allowed, on 443 and 6443.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
import { firstAddress, isWithin, requireCidr } from "../cidr";
import { checkFlow, describeFlow, type Flow, type FlowPort, isPods, type Peer, type PodsPeer } from "../flow";
import type { KubeObject } from "../kube-object";
import { type Labels, NAMESPACE_NAME_LABEL, objectLabels } from "../labels";
import { KUBERNETES_NAMESPACES } from "./namespaces";

/** Addresses of one cluster that pods cannot be selected by. */
export interface ClusterNetwork {
  /** Ranges of Service addresses, CIDR, at least one; the API server's own Service has the first address of the first. */
  readonly serviceCidrs: readonly string[];
  /** Ranges in which the API server listens and from which it calls webhooks, CIDR, at least one. */
  readonly apiServerCidrs: readonly string[];
  /** Whether webhook calls arrive by konnectivity agents, pods of kube-system, as on GKE and AKS. @default false, by address */
  readonly konnectivity?: boolean;
}

/** CoreDNS and kube-dns alike carry it, for compatibility. @see https://github.com/coredns/deployment */
const DNS_LABELS: Labels = { "k8s-app": "kube-dns" };

/** GKE's and AKS's labels of their agents. */
const KONNECTIVITY_LABELS: readonly Labels[] = [{ "k8s-app": "konnectivity-agent" }, { app: "konnectivity-agent" }];

/**
 * A default-deny policy in each namespace, and one policy per group of pods that takes part in flows.
 *
 * @param namespaces the namespaces that get policies; Kubernetes' own never do
 * @throws Error naming a flow that is wrong in itself, or whose pods live in a namespace that the cluster does not have
 */
export function networkPolicies(
  namespaces: readonly string[],
  flows: readonly Flow[],
  network: ClusterNetwork,
): KubeObject[] {
  for (const field of ["serviceCidrs", "apiServerCidrs"] as const) {
    if (network[field].length === 0) throw new Error(`network: ${field} is empty, must name at least one range`);
    for (const cidr of network[field]) requireCidr("network", field, cidr);
  }
  for (const flow of flows) checkPlaces(flow, namespaces);
  const groups = new Map<string, { pods: PodsPeer; starts: Flow[]; ends: Flow[] }>();
  const groupOf = (pods: PodsPeer) => {
    const key = `${pods.namespace}/${policyName(pods)}`;
    const group = groups.get(key) ?? { pods, starts: [], ends: [] };
    if (selectorKey(group.pods) !== selectorKey(pods)) {
      throw new Error(`network: two selectors would share the policy ${key}, must differ in more than punctuation`);
    }
    groups.set(key, group);
    return group;
  };
  for (const flow of flows) {
    if (isPods(flow.from) && namespaces.includes(flow.from.namespace)) groupOf(flow.from).starts.push(flow);
    if (isPods(flow.to) && namespaces.includes(flow.to.namespace)) groupOf(flow.to).ends.push(flow);
  }
  return [
    ...namespaces.map(defaultDeny),
    ...[...groups.values()].map(({ ends, pods, starts }) => allow(pods, ends, starts, network)),
  ];
}

function defaultDeny(namespace: string): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace, labels: objectLabels("cluster-base") },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

function allow(pods: PodsPeer, ends: readonly Flow[], starts: readonly Flow[], network: ClusterNetwork): KubeObject {
  const ingress = distinct(ends.map(({ from, ports }) => ({ from: peers(from, network), ...portsOf(ports) })));
  const egress = distinct(starts.map(({ to, ports }) => ({ to: peers(to, network), ...portsOf(ports) })));
  const said = distinct([...ends, ...starts].map((flow) => `${describeFlow(flow)}: ${flow.why}`));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: policyName(pods),
      namespace: pods.namespace,
      labels: objectLabels("cluster-base"),
      annotations: { "fleetwright.dev/flows": said.join("\n") },
    },
    spec: {
      podSelector: pods.pods === "all" ? {} : { matchLabels: pods.pods },
      policyTypes: [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])],
      ...(ingress.length > 0 ? { ingress } : {}),
      ...(egress.length > 0 ? { egress } : {}),
    },
  };
}

function peers(peer: Peer, network: ClusterNetwork): object[] {
  if (peer === "cluster-dns") return [podsPeer({ namespace: "kube-system", pods: DNS_LABELS })];
  if (peer === "api-server") {
    const service = network.serviceCidrs.slice(0, 1).map(firstAddress);
    return [...network.apiServerCidrs, ...service].map((cidr) => ({ ipBlock: { cidr } }));
  }
  if (peer === "control-plane") {
    const agents = network.konnectivity ? KONNECTIVITY_LABELS : [];
    return [
      ...network.apiServerCidrs.map((cidr) => ({ ipBlock: { cidr } })),
      ...agents.map((pods) => podsPeer({ namespace: "kube-system", pods })),
    ];
  }
  if (isPods(peer)) return [podsPeer(peer)];
  return peer.cidrs.map((cidr) => {
    const except = (peer.except ?? []).filter((inner) => isWithin(inner, cidr));
    return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
  });
}

const podsPeer = ({ namespace, pods }: PodsPeer) => ({
  namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
  ...(pods === "all" ? {} : { podSelector: { matchLabels: pods } }),
});

const portsOf = (ports: readonly FlowPort[] | "all") =>
  ports === "all" ? {} : { ports: ports.map(({ port, protocol }) => ({ port, protocol })) };

/** `allow-cert-manager-webhook`, `allow-tier-web`, `allow-all-pods`. */
function policyName({ pods }: PodsPeer): string {
  if (pods === "all") return "allow-all-pods";
  const { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component, ...others } = pods;
  const rest = Object.entries(others)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat();
  const words = [name, component, ...rest].filter((word) => word !== undefined && word !== "");
  return ["allow", ...words]
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-");
}

const selectorKey = ({ pods }: PodsPeer) => JSON.stringify(pods === "all" ? pods : Object.entries(pods).sort());

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** @throws Error when the flow is wrong, names an unknown namespace, or touches no namespace that has policies */
function checkPlaces(flow: Flow, namespaces: readonly string[]): void {
  checkFlow(flow);
  const places = [flow.from, flow.to].filter(isPods).map(({ namespace }) => namespace);
  const unknown = places.find((place) => !namespaces.includes(place) && !KUBERNETES_NAMESPACES.includes(place));
  if (unknown !== undefined) {
    throw new Error(
      `flow ${describeFlow(flow)}: namespace "${unknown}" is not of this cluster, must be one of ${namespaces.join(", ")}`,
    );
  }
  if (!places.some((place) => namespaces.includes(place))) {
    throw new Error(
      `flow ${describeFlow(flow)}: neither end lies in a namespace with policies, so it allows nothing: leave it out`,
    );
  }
}
