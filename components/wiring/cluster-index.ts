/** The objects of one cluster, found as others refer to them. */
import { ANYWHERE, type Flow, isPods, type Peer } from "../flow";
import type { KubeObject } from "../kube-object";
import type { Labels } from "../labels";
import { type Pods, podsOf } from "./pods";
import { at, entriesOf, type Fields, fieldsOf } from "./reference";

/** An object that somebody else brings: no namespace for those that have none. */
export interface Brought {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface WiredCluster {
  readonly objects: readonly KubeObject[];
  /** Who may talk to whom, all of the cluster. */
  readonly flows: readonly Flow[];
  /** What is not made here but will be there. @default none */
  readonly brought?: readonly Brought[];
  /** Namespaces whose objects somebody else makes: nothing in them is looked up. @default none */
  readonly foreignNamespaces?: readonly string[];
  /** Hosts outside of the cluster that are meant to be reached, with the ports on which something answers. @default none */
  readonly hosts?: ReadonlyMap<string, readonly number[]>;
}

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly targetPort: number | string;
  readonly protocol: string;
}

/** What every cluster has without anybody making it. */
const BUILT_IN: readonly Brought[] = [
  { kind: "Service", namespace: "default", name: "kubernetes" },
  { kind: "Service", namespace: "kube-system", name: "kube-dns" },
  ...["system-cluster-critical", "system-node-critical"].map((name) => ({ kind: "PriorityClass", name })),
  ...["admin", "cluster-admin", "edit", "view", "system:auth-delegator", "system:kube-scheduler"].map((name) => ({
    kind: "ClusterRole",
    name,
  })),
  { kind: "Role", namespace: "kube-system", name: "extension-apiserver-authentication-reader" },
];

export class ClusterIndex {
  readonly objects: readonly KubeObject[];
  readonly hosts: ReadonlyMap<string, readonly number[]>;
  /** Pods of all workloads. */
  readonly pods: readonly Pods[];
  private readonly flows: readonly Flow[];
  private readonly foreign: ReadonlySet<string>;
  private readonly byKey = new Map<string, KubeObject>();
  private readonly brought: ReadonlySet<string>;

  constructor({ brought = [], flows, foreignNamespaces = [], hosts = new Map(), objects }: WiredCluster) {
    this.objects = objects;
    this.flows = flows;
    this.hosts = hosts;
    this.foreign = new Set(foreignNamespaces);
    this.brought = new Set([...BUILT_IN, ...brought].map((one) => keyOf(one.kind, one.name, one.namespace)));
    for (const object of objects) {
      this.byKey.set(keyOf(object.kind, object.metadata.name, object.metadata.namespace), object);
    }
    this.pods = objects.flatMap((object) => podsOf(object) ?? []);
  }

  ofKind(...kinds: readonly string[]): KubeObject[] {
    return this.objects.filter(({ kind }) => kinds.includes(kind));
  }

  find(kind: string, name: string, namespace?: string): KubeObject | undefined {
    return this.byKey.get(keyOf(kind, name, namespace));
  }

  /** Whether something of that name is made here, brought, or not ours to know. */
  has(kind: string, name: string, namespace?: string): boolean {
    return (
      (namespace !== undefined && this.foreign.has(namespace)) ||
      this.byKey.has(keyOf(kind, name, namespace)) ||
      this.brought.has(keyOf(kind, name, namespace))
    );
  }

  isForeign(namespace: string): boolean {
    return this.foreign.has(namespace) || namespace.startsWith("kube-") || namespace === "default";
  }

  /** Pods of a namespace that carry all of the labels. */
  selected(namespace: string, labels: Labels): Pods[] {
    return this.pods.filter((pods) => pods.namespace === namespace && carries(pods.labels, labels));
  }

  /** Whether a Service of ours has a port, by number or name; undefined where the Service is not ours to know. */
  servicePort(namespace: string, name: string, port: number | string): ServicePort | undefined {
    return servicePorts(this.find("Service", name, namespace)).find((one) =>
      typeof port === "number" ? one.port === port : one.name === port,
    );
  }

  /** Pods behind a Service, each with the port of the pod that a port of the Service leads to. */
  behind(namespace: string, name: string, { port, protocol, targetPort }: ServicePort): { pods: Pods; port: number }[] {
    const selector = at(this.find("Service", name, namespace), "spec", "selector");
    if (selector === undefined) return [];
    return this.selected(namespace, selector as Labels).flatMap((pods) => {
      const found = pods.ports.find(
        (one) => one.protocol === protocol && (one.name === targetPort || one.port === targetPort),
      );
      const number = found?.port ?? (typeof targetPort === "number" ? targetPort : undefined);
      return [{ pods, port: number ?? port }];
    });
  }

  /** All pods behind a Service with all of their ports, and whether its name leads to the pods themselves. */
  behindAnyPort(namespace: string, name: string): { headless: boolean; pods: Pods[]; ports: number[] } {
    const spec = fieldsOf(at(this.find("Service", name, namespace), "spec"));
    const pods = this.selected(namespace, fieldsOf(spec.selector) as Labels);
    return {
      headless: spec.clusterIP === "None",
      pods,
      ports: pods.flatMap((each) => each.ports.map(({ port }) => port)),
    };
  }

  /** Whether flows let one end open connections to pods: both the way out and the way in. */
  allows(from: Pods | "control-plane", to: Pods, port: number, protocol = "TCP"): boolean {
    const carried = ({ ports }: Flow) =>
      ports === "all" || ports.some((one) => one.port === port && one.protocol === protocol);
    const starts = (peer: Peer) => (from === "control-plane" ? peer === from : means(peer, from));
    const isAnywhere = (peer: Peer) =>
      typeof peer === "object" && !isPods(peer) && ANYWHERE.every((range) => peer.cidrs.includes(range));
    const flows = this.flows.filter(carried);
    const leaves =
      from === "control-plane" ||
      flows.some((flow) => starts(flow.from) && (means(flow.to, to) || isAnywhere(flow.to)));
    const enters = flows.some((flow) => means(flow.to, to) && (starts(flow.from) || isAnywhere(flow.from)));
    return leaves && enters;
  }
}

export function servicePorts(service: KubeObject | undefined): ServicePort[] {
  return entriesOf(at(service, "spec", "ports")).map((port: Fields) => ({
    name: typeof port.name === "string" ? port.name : undefined,
    port: Number(port.port),
    targetPort: (port.targetPort ?? port.port) as number | string,
    protocol: String(port.protocol ?? "TCP"),
  }));
}

/** Whether labels meet a LabelSelector. */
export function selects(selector: unknown, labels: Labels): boolean {
  const { matchExpressions, matchLabels } = fieldsOf(selector);
  return (
    carries(labels, fieldsOf(matchLabels) as Labels) &&
    entriesOf(matchExpressions).every(({ key, operator, values }) => {
      const value = labels[String(key)];
      const listed = Array.isArray(values) && values.includes(value);
      if (operator === "In") return listed;
      if (operator === "NotIn") return !listed;
      return (operator === "Exists") === (value !== undefined);
    })
  );
}

const carries = (labels: Labels, wanted: Labels) =>
  Object.entries(wanted).every(([label, value]) => labels[label] === value);

const means = (peer: Peer, pods: Pods): boolean =>
  isPods(peer) && peer.namespace === pods.namespace && (peer.pods === "all" || carries(pods.labels, peer.pods));

const keyOf = (kind: string, name: string, namespace = "") => `${kind}/${namespace}/${name}`;
