/**
 * The state of a stack whose run was killed: without checkpoints a run saves it at its end only. What the clusters hold
 * is written down as the engine itself would have written it, so that `up` leaves it and `destroy` deletes it; what
 * they no longer hold is struck out, so that `up` makes it again.
 */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { componentType } from "../components/cluster-parts";
import { type ClusterArgs, PLATFORM_TYPE, providerArgs } from "../components/cluster-platform";
import type { Identity } from "../components/identity";
import { type KubeObject, keyOf } from "../components/kube-object";
import { logicalName, typeToken } from "../components/objects";
import { dependencies, inOrder, type Placed } from "../components/order";
import { FIELD_MANAGER } from "../components/placed-objects";
import { type ClusterAccess, LiveCluster } from "../stacks/live-cluster";
import { readIdentity, sameIdentity } from "../stacks/ownership";
import type { StateResource } from "./engine-state";

/** A cluster of the stack, and all that the stack means to put there. */
export interface StackCluster extends Pick<ClusterArgs, "context" | "kubeconfig" | "clusterIdentifier"> {
  /** How it is reached from here. */
  readonly access: ClusterAccess;
  /** The mark that the stack gives it. */
  readonly identity: Identity;
  readonly objects: readonly Placed[];
}

/** What stands at the head of every URN of a stack. */
export interface UrnHead {
  readonly stack: string;
  /** `name` of Pulumi.yaml. */
  readonly project: string;
}

/** A state after it was compared with the clusters. */
export interface ReconciledState {
  readonly resources: readonly StateResource[];
  /** Objects that a cluster holds and the state did not know. */
  readonly recorded: number;
  /** Objects that the state knew and no cluster holds any more. */
  readonly forgotten: number;
}

/**
 * The state with what one cluster holds of the stack, and without what it no longer holds. Every resource stands behind
 * those that it names.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function reconciled(
  cluster: StackCluster,
  before: readonly StateResource[],
  head: UrnHead,
): Promise<ReconciledState> {
  const names = namesOf(cluster, head);
  const known = new Set(before.map(({ urn }) => urn));
  const missing = cluster.objects.filter((placed) => !known.has(names.object(placed)));
  const own = before.filter(({ provider }) => String(provider).startsWith(`${names.provider}::`));
  const holds = await look(cluster);
  try {
    const [found, kept] = await Promise.all([
      Promise.all(missing.map(({ object }) => holds.ours(object))),
      Promise.all(own.map(({ inputs }) => holds.any(inputs as KubeObject))),
    ]);
    const gone = new Set(own.flatMap(({ urn }, index) => (kept[index] ? [] : [urn])));
    const made = new Set(missing.flatMap(({ object }, index) => (found[index] ? [keyOf(object)] : [])));
    const left = before.filter(({ urn }) => !gone.has(urn)).map((resource) => without(resource, gone));
    return {
      resources: made.size === 0 ? left : [...left, ...additions(cluster, left, made, names)],
      recorded: made.size,
      forgotten: gone.size,
    };
  } finally {
    holds.close();
  }
}

/** What the resources of a cluster are called in the state of its stack. */
function namesOf({ identity }: StackCluster, { project, stack }: UrnHead) {
  const urn = (types: readonly string[], name: string) =>
    `urn:pulumi:${stack}::${project}::${types.join("$")}::${name}`;
  const { cluster } = identity;
  return {
    root: urn(["pulumi:pulumi:Stack"], `${project}-${stack}`),
    platform: urn([PLATFORM_TYPE], cluster),
    provider: urn([PLATFORM_TYPE, "pulumi:providers:kubernetes"], cluster),
    component: (component: string) => urn([PLATFORM_TYPE, componentType(component)], `${cluster}-${component}`),
    object: ({ component, object }: Placed) =>
      urn([PLATFORM_TYPE, componentType(component), typeToken(object)], logicalName(cluster, object)),
  };
}

/** The resource without the dependencies that are gone. */
function without(resource: StateResource, gone: ReadonlySet<string>): StateResource {
  const dependencies = (resource.dependencies as readonly string[] | undefined)?.filter((urn) => !gone.has(urn));
  return dependencies === undefined ? resource : { ...resource, dependencies };
}

/** Resources for the objects of some keys, with the parents and the provider that the state lacks. */
function additions(
  cluster: StackCluster,
  recorded: readonly StateResource[],
  made: ReadonlySet<string>,
  names: ReturnType<typeof namesOf>,
): StateResource[] {
  const known = new Set(recorded.map(({ urn }) => urn));
  const providerId = recorded.find(({ urn }) => urn === names.provider)?.id ?? randomUUID();
  const inputs = providerInputs(cluster);
  const { platform: parent, provider } = names;
  const components = [...new Set(cluster.objects.map(({ component }) => component))];
  const parents: StateResource[] = [
    { urn: names.root, custom: false, type: "pulumi:pulumi:Stack" },
    { urn: parent, custom: false, type: PLATFORM_TYPE, parent: names.root },
    {
      urn: provider,
      custom: true,
      id: providerId,
      type: "pulumi:providers:kubernetes",
      inputs,
      outputs: inputs,
      parent,
    },
    ...components.map((component) => {
      return { urn: names.component(component), custom: false, type: componentType(component), parent };
    }),
  ];
  const edges = dependencies(cluster.objects);
  const placedBy = new Map(cluster.objects.map((placed) => [keyOf(placed.object), placed]));
  const objects = inOrder(cluster.objects, edges).filter(({ object }) => made.has(keyOf(object)));
  const urns = new Set([...known, ...objects.map(names.object)]);
  return [
    ...parents.filter(({ urn }) => !known.has(urn)),
    ...objects.map((placed): StateResource => {
      const { component, object } = placed;
      const { name, namespace } = object.metadata;
      const before = [...(edges.get(keyOf(object)) ?? [])].flatMap((key) => placedBy.get(key) ?? []);
      const asMade = withoutSecretData(object);
      return {
        urn: names.object(placed),
        custom: true,
        id: [namespace, name].filter(Boolean).join("/"),
        type: typeToken(object),
        inputs: asMade,
        // what the provider compares the next inputs with; without it each object would be replaced
        outputs: { ...asMade, __inputs: asMade, __initialApiVersion: object.apiVersion, __fieldManager: FIELD_MANAGER },
        parent: names.component(component),
        provider: `${provider}::${providerId}`,
        dependencies: before.map(names.object).filter((urn) => urns.has(urn)),
      };
    }),
  ];
}

/** The provider as a state has it: truth values as text, with the version of its plugin. */
function providerInputs(cluster: StackCluster): Record<string, unknown> {
  const { version } = createRequire(__filename)("@pulumi/kubernetes/package.json") as { version: string };
  const text = Object.entries(providerArgs(cluster)).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(text), version };
}

/** Longest wait for objects on their way out; what is still there then is held by a finalizer, and counts as there. */
const LONGEST_DELETION_MS = 60_000;

/** Looks into a cluster. One that carries another stack's mark holds nothing of this one. */
async function look({ access, identity }: StackCluster) {
  const cluster = await LiveCluster.open(access);
  const mark = await readIdentity(cluster);
  const isForeign = mark !== undefined && !sameIdentity(mark, identity);
  const deadline = Date.now() + LONGEST_DELETION_MS;
  // what is being deleted will be gone when the next run looks, so it is waited for
  const live = async ({ apiVersion, kind, metadata }: Pick<KubeObject, "apiVersion" | "kind" | "metadata">) => {
    const path = await cluster.pathOf(apiVersion, kind, metadata.namespace);
    if (path === undefined) return undefined;
    for (;;) {
      const object = await cluster.get<KubeObject>(`${path}/${metadata.name}`);
      if (object?.metadata.deletionTimestamp === undefined || Date.now() > deadline) return object;
      await sleep(500);
    }
  };
  return {
    any: async (object: KubeObject) => isForeign || (await live(object)) !== undefined,
    ours: async (object: KubeObject) =>
      !isForeign && (await live(object))?.metadata.labels?.["app.kubernetes.io/managed-by"] === "fleetwright",
    close: () => cluster.close(),
  };
}

/** What a Secret holds never stands in a state as plain text; the next `up` sets it again. */
function withoutSecretData(object: KubeObject): KubeObject {
  if (object.kind !== "Secret") return object;
  const { data: _, stringData: __, ...rest } = object;
  return rest as KubeObject;
}
