/**
 * From objects to resources: every object of a chart becomes a resource of its own, so that a preview lists it, a
 * policy judges it, and an update touches nothing else.
 */
import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { DefinitionsGate } from "./definitions-gate";
import { longestDeletion } from "./deletion";
import { immutablePaths } from "./immutable-fields";
import { groupOf, type KubeObject, keyOf } from "./kube-object";
import { dependencies, inOrder, isDefinition, type Placed } from "./order";

/** One Kubernetes object, whatever its kind, of the type `kubernetes:<group>/<version>:<Kind>`. */
class ObjectResource extends pulumi.CustomResource {}

/** A component of one cluster: the parent of its objects. */
class ComponentOfCluster extends pulumi.ComponentResource {}

interface RegisterOptions {
  readonly parent: pulumi.Resource;
  /** The cluster's provider. */
  readonly provider: Provider;
  /** Keys of the objects that a preview of a live cluster knows to be replaced. */
  readonly replaced: ReadonlySet<string>;
  /** How many steps of this cluster may wait for one another; see {@link DefinitionsGate}. */
  readonly slots: number;
  /** Resolves when the API server offers the kinds of definitions that were made just now. */
  readonly served: (definitions: readonly KubeObject[]) => Promise<void>;
}

/**
 * Registers all objects of one cluster with the engine, each after those it depends on.
 *
 * Logical names are `<cluster>-<component>` for a component and `<cluster>:<Kind>/<namespace>/<name>` for an object:
 * they are identity and never change for looks.
 *
 * @param parent the cluster
 * @param typeOf the type token of a component, such as `fleetwright:components:Gatekeeper`
 */
export async function registerObjects(
  cluster: string,
  placed: readonly Placed[],
  typeOf: (component: string) => string,
  { parent, provider, replaced, served, slots }: RegisterOptions,
): Promise<void> {
  const edges = dependencies(placed);
  const components = new Map<string, ComponentOfCluster>();
  const made = new Map<string, pulumi.Resource>();
  for (const { component } of placed) {
    if (components.has(component)) continue;
    components.set(component, new ComponentOfCluster(typeOf(component), `${cluster}-${component}`, {}, { parent }));
  }
  const nameOf = ({ object }: Placed) => logicalName(cluster, object);
  const definitions = placed.filter(({ object }) => isDefinition(object));
  const gate = new DefinitionsGate(definitions.map(nameOf), slots);
  const beforeCreate = [gate.hook(`${cluster}:definitions`)];
  const register = (one: Placed) => {
    const { component, object } = one;
    const key = keyOf(object);
    const dependsOn = [...(edges.get(key) ?? [])].flatMap((before) => made.get(before) ?? []);
    const replaceOnChanges = immutablePaths(object);
    made.set(
      key,
      new ObjectResource(
        typeToken(object),
        nameOf(one),
        replaced.has(key) ? asReplacement(object) : withSecretData(object),
        {
          parent: components.get(component),
          provider,
          dependsOn,
          customTimeouts: { delete: longestDeletion(object) },
          ...(isDefinition(object) ? { hooks: { beforeCreate } } : {}),
          // a name can be used once only: the old object must be gone before its replacement is made
          ...(replaceOnChanges.length > 0 ? { replaceOnChanges, deleteBeforeReplace: true } : {}),
        },
      ),
    );
  };
  for (const one of inOrder(placed, edges, definitions)) register(one);
  await gate.made(definitions.flatMap(({ object }) => made.get(keyOf(object)) ?? []));
  const fresh = definitions.filter((one) => gate.passed.has(nameOf(one)));
  if (fresh.length > 0 && !pulumi.runtime.isDryRun()) await served(fresh.map(({ object }) => object));
  for (const one of inOrder(placed, edges)) if (!made.has(keyOf(one.object))) register(one);
}

/** `<cluster>:<Kind>/<namespace>/<name>`. */
export function logicalName(cluster: string, { kind, metadata }: KubeObject): string {
  return `${cluster}:${[kind, metadata.namespace, metadata.name].filter(Boolean).join("/")}`;
}

/** `kubernetes:<group>/<version>:<Kind>`, the core group spelt `core`, as the provider demands. */
export function typeToken(object: KubeObject): string {
  const version = groupOf(object) === "" ? `core/${object.apiVersion}` : object.apiVersion;
  return `kubernetes:${version}:${object.kind}`;
}

/** What a Secret holds never stands in state or output as plain text. */
function withSecretData(object: KubeObject): pulumi.Inputs {
  if (object.kind !== "Secret" || groupOf(object) !== "") return { ...object };
  const { data, stringData, ...rest } = object;
  return {
    ...rest,
    ...(data === undefined ? {} : { data: pulumi.secret(data) }),
    ...(stringData === undefined ? {} : { stringData: pulumi.secret(stringData) }),
  };
}

/**
 * A preview dry-runs the new object over the old one, which the API server refuses where an immutable field differs,
 * and so would fail for a change that `up` carries out. An unknown value, which the object gets in previews only,
 * makes the provider show the replacement without asking the API server.
 */
function asReplacement(object: KubeObject): pulumi.Inputs {
  const annotations = { ...object.metadata.annotations, "fleetwright.dev/replaced": pulumi.output(pulumi.unknown) };
  return { ...withSecretData(object), metadata: { ...object.metadata, annotations } };
}
