/**
 * In which order the objects of one cluster are made; destroyed they are in the reverse.
 *
 *     identity → namespaces → CRDs → configuration → controllers → custom resources → webhook configurations
 *
 * The order is read from the objects themselves: an edge stands where one object cannot work, or cannot be deleted,
 * without the other. A component need not know who comes before it.
 */
import { groupOf, type KubeObject, keyOf } from "./kube-object";
import { configurationOf, isWorkload, selectedBy } from "./pod-configuration";

/** An object and the component it belongs to. */
export interface Placed {
  readonly component: string;
  readonly object: KubeObject;
}

/** Name of the ConfigMap that marks a cluster as this environment's; made before anything else. */
export const IDENTITY = { namespace: "fleetwright-system", name: "identity" } as const;

/**
 * For each object (by key) the keys of the objects that must exist before it.
 *
 * @throws Error when the objects depend on one another in a circle, naming it
 */
export function dependencies(placed: readonly Placed[]): ReadonlyMap<string, ReadonlySet<string>> {
  const cluster = new ClusterObjects(placed);
  const edges = new Map<string, Set<string>>();
  for (const one of placed) {
    const before = [...cluster.before(one)].map(({ object }) => keyOf(object));
    edges.set(keyOf(one.object), new Set(before.filter((key) => key !== keyOf(one.object))));
  }
  const circle = findCircle(edges);
  if (circle) throw new Error(`objects wait for one another and none can be first: ${circle.join(" → ")}`);
  return edges;
}

/**
 * The objects in an order in which each comes after all it depends on; equals keep their order.
 *
 * @param some only these, and all that they wait for. @default all
 */
export function inOrder(placed: readonly Placed[], edges = dependencies(placed), some = placed): Placed[] {
  const byKey = new Map(placed.map((one) => [keyOf(one.object), one]));
  const done = new Set<string>();
  const sorted: Placed[] = [];
  const visit = (key: string) => {
    if (done.has(key)) return;
    done.add(key);
    for (const before of edges.get(key) ?? []) visit(before);
    const one = byKey.get(key);
    if (one) sorted.push(one);
  };
  for (const { object } of some) visit(keyOf(object));
  return sorted;
}

/** Whether an object tells the API server of a kind. */
export const isDefinition = ({ kind }: KubeObject) => kind === "CustomResourceDefinition";

/** The objects of one cluster, found by what others know of them. */
class ClusterObjects {
  private readonly identity: Placed | undefined;
  private readonly namespaces = new Map<string, Placed>();
  private readonly definitions = new Map<string, Placed>();
  private readonly byNamespace = new Map<string, Placed[]>();
  private readonly byComponent = new Map<string, Placed[]>();

  constructor(private readonly all: readonly Placed[]) {
    for (const one of all) {
      const { kind, metadata } = one.object;
      if (kind === "Namespace") this.namespaces.set(metadata.name, one);
      const defined = definedKind(one.object);
      if (defined !== undefined) this.definitions.set(defined, one);
      append(this.byNamespace, metadata.namespace ?? "", one);
      append(this.byComponent, one.component, one);
    }
    this.identity = all.find(({ object }) => keyOf(object) === identityKey);
  }

  /** All that must exist before `one`. */
  before(one: Placed): Set<Placed> {
    const { component, object } = one;
    const definition = this.definitions.get(kindKey(object));
    const found = new Set<Placed>([
      ...present(this.namespaces.get(object.metadata.namespace ?? "")),
      ...present(definition),
      // a custom resource's finalizers are run by its controller, which must come first and go last
      ...(definition ? this.workloadsOf(definition.component) : []),
      ...(isDefinition(object) ? this.namespacesOf(component) : []),
      ...(isWorkload(object) ? this.startedWith(one) : []),
      ...(isWebhook(object) ? this.guardedBy(component, object) : []),
      // an API that nobody serves keeps every namespace from being deleted
      ...(object.kind === "APIService" ? this.servedBy(object) : []),
    ]);
    const isFirst = keyOf(object) === identityKey || keyOf(object) === `/Namespace//${IDENTITY.namespace}`;
    if (found.size === 0 && this.identity && !isFirst) found.add(this.identity);
    return found;
  }

  private namespacesOf(component: string): Placed[] {
    const names = new Set((this.byComponent.get(component) ?? []).map(({ object }) => object.metadata.namespace));
    return [...names].flatMap((name) => present(this.namespaces.get(name ?? "")));
  }

  private workloadsOf(component: string): Placed[] {
    return (this.byComponent.get(component) ?? []).filter(({ object }) => isWorkload(object));
  }

  /** What a workload's pods need when they start: their configuration, and the kinds that their component defines. */
  private startedWith({ component, object }: Placed): Placed[] {
    const nearby = [
      ...(this.byNamespace.get(object.metadata.namespace ?? "") ?? []),
      ...(this.byNamespace.get("") ?? []),
    ];
    const wanted = configurationOf(
      object,
      nearby.map((other) => other.object),
    );
    const definitions = (this.byComponent.get(component) ?? []).filter((other) => isDefinition(other.object));
    return [...nearby.filter((other) => wanted.has(other.object)), ...definitions];
  }

  /** The pods that answer for an aggregated API, and the Service that leads to them. */
  private servedBy({ spec }: KubeObject): Placed[] {
    const { service } = spec as { readonly service?: ServiceReference };
    return service ? this.behind(service) : [];
  }

  private behind({ namespace, name }: ServiceReference): Placed[] {
    const around = this.byNamespace.get(namespace) ?? [];
    const service = around.find(({ object }) => object.kind === "Service" && object.metadata.name === name);
    return service ? [service, ...around.filter(({ object }) => selectedBy(service.object, object))] : [];
  }

  /**
   * A webhook configuration comes last and goes first: after the pods behind its Service, after the custom resources
   * of its component, and after every object here that it would judge, so that neither a rebuild nor a destroy ever
   * waits for a webhook that cannot answer.
   */
  private guardedBy(component: string, configuration: KubeObject): Placed[] {
    const hooks = (configuration.webhooks ?? []) as readonly Webhook[];
    const services = hooks.flatMap(({ clientConfig: { service } }) => (service ? [service] : []));
    const behind = services.flatMap((service) => this.behind(service));
    const judged = this.all.filter(
      ({ object }) =>
        this.definitions.get(kindKey(object))?.component === component ||
        (!isWebhook(object) && hooks.some(({ rules = [] }) => rules.some((rule) => matches(rule, object)))),
    );
    return [...behind, ...judged];
  }
}

interface WebhookRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
}
interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}
interface Webhook {
  readonly clientConfig: { readonly service?: ServiceReference };
  readonly rules?: readonly WebhookRule[];
}

const identityKey = `/ConfigMap/${IDENTITY.namespace}/${IDENTITY.name}`;

const kindKey = (object: KubeObject) => `${groupOf(object)}/${object.kind}`;

const isWebhook = ({ kind }: KubeObject) =>
  kind === "ValidatingWebhookConfiguration" || kind === "MutatingWebhookConfiguration";

/** Whether a webhook's rule may match an object; resources are plural names, compared with those its kind can have. */
function matches({ apiGroups = [], resources = [] }: WebhookRule, object: KubeObject): boolean {
  const group = groupOf(object);
  const kind = object.kind.toLowerCase();
  const plurals = new Set(["*", "*/*", `${kind}s`, `${kind}es`, kind.replace(/y$/, "ies")]);
  return (apiGroups.includes(group) || apiGroups.includes("*")) && resources.some((name) => plurals.has(name));
}

/** `group/Kind` that an object makes known to the API server: a CRD's kind, or the constraint kind of a template. */
function definedKind(object: KubeObject): string | undefined {
  if (isDefinition(object)) {
    const spec = object.spec as { group: string; names: { kind: string } };
    return `${spec.group}/${spec.names.kind}`;
  }
  if (kindKey(object) === "templates.gatekeeper.sh/ConstraintTemplate") {
    const spec = object.spec as { crd: { spec: { names: { kind: string } } } };
    return `constraints.gatekeeper.sh/${spec.crd.spec.names.kind}`;
  }
  return undefined;
}

const present = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

function append(lists: Map<string, Placed[]>, key: string, one: Placed): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}

function findCircle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (key: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(key);
    if (at >= 0) return [...path.slice(at), key];
    if (done.has(key)) return undefined;
    for (const next of edges.get(key) ?? []) {
      const circle = visit(next, [...path, key]);
      if (circle) return circle;
    }
    done.add(key);
    return undefined;
  };
  for (const key of edges.keys()) {
    const circle = visit(key, []);
    if (circle) return circle;
  }
  return undefined;
}
