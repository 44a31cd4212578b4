/**
 * Whose cluster is it, and whose objects? Asked before anything is registered, wherever the cluster can be reached.
 *
 * A cluster that carries another identity is refused. One that is in use without an identity, or holds objects of the
 * same name that someone else made, is taken over only where the environment says `adopt: true`.
 */

import type { Identity } from "../components/identity";
import { immutablePaths } from "../components/immutable-fields";
import { groupOf, type KubeObject, keyOf } from "../components/kube-object";
import { IDENTITY } from "../components/order";
import type { LiveCluster } from "./live-cluster";

/** What a reachable cluster holds that bears on whether it may be changed. */
export interface Findings {
  /** The mark it carries. */
  readonly identity: Identity | undefined;
  /** Namespaces that neither Kubernetes nor this platform made. */
  readonly foreignNamespaces: readonly string[];
  /** Objects of the platform's own names that lack its `managed-by` label. */
  readonly foreignObjects: readonly KubeObject[];
}

const UNMANAGED = `labelSelector=${encodeURIComponent("app.kubernetes.io/managed-by!=fleetwright")}`;
const OWN_NAMESPACES = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

interface List {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

/**
 * Reads what {@link judgeOwnership} needs: the mark, the namespaces, and the metadata of each kind that is to be made.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function readFindings(cluster: LiveCluster, desired: readonly KubeObject[]): Promise<Findings> {
  const [identity, namespaces] = await Promise.all([
    readIdentity(cluster),
    cluster.get<List>(`/api/v1/namespaces?${UNMANAGED}`, "metadata"),
  ]);
  const places = new Map<string, KubeObject[]>();
  for (const object of desired) {
    const place = [object.apiVersion, object.kind, object.metadata.namespace].join(" ");
    places.set(place, [...(places.get(place) ?? []), object]);
  }
  const foreign = await Promise.all([...places.values()].map((wanted) => foreignOf(cluster, wanted)));
  return {
    identity,
    foreignNamespaces: names(namespaces).filter((found) => !OWN_NAMESPACES.has(found)),
    foreignObjects: foreign.flat(),
  };
}

/**
 * The mark that a cluster carries; undefined where it has none.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function readIdentity(cluster: LiveCluster): Promise<Identity | undefined> {
  const { namespace, name } = IDENTITY;
  return (await cluster.get<{ data: Identity }>(`/api/v1/namespaces/${namespace}/configmaps/${name}`))?.data;
}

/** Those of some objects of one kind and namespace that exist and are not managed by us. */
async function foreignOf(cluster: LiveCluster, wanted: readonly KubeObject[]): Promise<KubeObject[]> {
  const [first] = wanted;
  const path = first && (await cluster.pathOf(first.apiVersion, first.kind, first.metadata.namespace));
  if (path === undefined) return [];
  const found = new Set(names(await cluster.get<List>(`${path}?${UNMANAGED}`, "metadata")));
  return wanted.filter(({ metadata }) => found.has(metadata.name));
}

const names = (list: List | undefined) => (list?.items ?? []).map(({ metadata }) => metadata.name);

/** What a judgement depends on besides the findings. */
interface JudgeOptions {
  /** Whether objects of another owner may be taken over. */
  readonly adopt: boolean;
  readonly context: string;
  /** Keys of the objects whose immutable fields the cluster holds with another value. */
  readonly replaced: ReadonlySet<string>;
}

/**
 * Judges the findings of one cluster.
 *
 * @returns what would be taken over, one line each; empty where all is our own
 * @throws Error with the sentence to show when the cluster must not be touched
 */
export function judgeOwnership(
  mine: Identity,
  findings: Findings,
  { adopt, context, replaced }: JudgeOptions,
): string[] {
  const { identity, foreignNamespaces, foreignObjects } = findings;
  if (identity && !sameIdentity(identity, mine)) {
    throw new Error(
      `context ${context} leads to ${describe(identity)}, and this stack is ${describe(mine)}: nothing was changed. ` +
        "Mend the context in the environment file or the kubeconfig; a cluster is handed over by destroying it from its own stack first.",
    );
  }
  const foreign = foreignObjects.map(spelt).sort();
  // it can be made anew only where the stack knows it, and what someone else made no stack knows
  const stuck = foreignObjects.filter((object) => replaced.has(keyOf(object)));
  if (adopt && stuck.length > 0) {
    const fields = stuck.map((object) => `${spelt(object)}: ${immutablePaths(object).join(" or ")}`);
    throw new Error(
      `cluster ${mine.cluster}: ${some(fields, "; ")} differs and cannot be changed: nothing was changed. Delete what someone else made, ` +
        "then try again: it is made as the environment says.",
    );
  }
  if (adopt) return foreign;
  if (!identity && foreignNamespaces.length > 0) {
    throw new Error(
      `context ${context} leads to a cluster that is in use (namespaces ${some(foreignNamespaces)}) and carries no mark of ` +
        `${describe(mine)}: nothing was changed. Mend the context, or say \`adopt: true\` in the environment file to take it over.`,
    );
  }
  if (foreign.length > 0) {
    throw new Error(
      `cluster ${mine.cluster} already has ${foreign.length} of the platform's objects, made by someone else (${some(foreign)}): nothing was ` +
        "changed. Remove them, or say `adopt: true` in the environment file to take them over.",
    );
  }
  return [];
}

/** Whether two marks are of one cluster of one stack. */
export const sameIdentity = (a: Identity, b: Identity) =>
  a.environment === b.environment && a.cluster === b.cluster && a.stack === b.stack;

const describe = ({ environment, cluster, stack }: Identity) =>
  `cluster ${cluster} of environment ${environment} (stack ${stack})`;

const place = ({ metadata }: KubeObject) => [metadata.namespace, metadata.name].filter(Boolean).join("/");

/** `storage.k8s.io StorageClass standard`. */
const spelt = (object: KubeObject) => `${groupOf(object) || "core"} ${object.kind} ${place(object)}`;

const some = (names: readonly string[], separator = ", ") =>
  names.length > 5 ? `${names.slice(0, 5).join(separator)} and ${names.length - 5} more` : names.join(separator);
