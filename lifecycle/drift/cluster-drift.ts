/** One cluster: everything that the environment declares there and what carries its label, compared; read, never written. */
import type { Identity } from "../../components/identity";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { IDENTITY, type Placed } from "../../components/order";
import { type ClusterAccess, ClusterUnreachable, LiveCluster } from "../../stacks/live-cluster";
import { readIdentity, sameIdentity } from "../../stacks/ownership";
import { AutoscaledObjects } from "./autoscaled-objects";
import type { RecordedObjects } from "./deployed-state";
import { type About, type DriftEntry, objectName } from "./drift-entry";
import { type ForeignFields, foreignFields } from "./foreign-fields";
import { readInventory } from "./live-inventory";
import { objectDrift } from "./object-drift";
import { Ownership } from "./ownership";
import { countUndeployed } from "./undeployed";

/** A cluster of a stack, and what should be there. */
export interface DriftTarget {
  readonly access: ClusterAccess;
  /** The mark that the stack gives it. */
  readonly mark: Identity;
  readonly declared: readonly Placed[];
  /** What the stack deployed there last. */
  readonly recorded: RecordedObjects;
}

/** What could not be looked at. */
export interface UnknownPart {
  readonly stack: string;
  readonly cluster: string;
  /** `cluster`; or what of it: a kind, or an object. */
  readonly what: string;
  readonly reason: string;
}

export interface ClusterDrift {
  readonly stack: string;
  readonly cluster: string;
  /** Objects of the environment there that were compared. */
  readonly objects: number;
  /** How many the environment declares otherwise than they were deployed: an `up` is due, and nobody changed anything. */
  readonly undeployed: number;
  readonly drift: readonly DriftEntry[];
  readonly foreign: readonly ForeignFields[];
  readonly unknown: readonly UnknownPart[];
}

/** Compares; a cluster that does not answer, or is another one, is unknown as a whole. */
export async function clusterDrift(target: DriftTarget): Promise<ClusterDrift> {
  const { access, mark, recorded } = target;
  let live: LiveCluster | undefined;
  try {
    live = await LiveCluster.open(access);
    const identity = await readIdentity(live);
    if (identity && !sameIdentity(identity, mark) && !(await isRecordedMark(live, recorded))) {
      const { cluster: name, environment, stack } = identity;
      const reason = `context ${access.context} leads to cluster ${name} of environment ${environment} (stack ${stack})`;
      return nothingKnown(mark, reason);
    }
    return await compared(target, live);
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    return nothingKnown(mark, error.message);
  } finally {
    live?.close();
  }
}

const nothingKnown = ({ cluster, stack }: Identity, reason: string): ClusterDrift => ({
  ...{ stack, cluster, objects: 0, undeployed: 0, drift: [], foreign: [] },
  unknown: [{ stack, cluster, what: "cluster", reason }],
});

/** Whether the mark is the very object that was deployed: then somebody wrote into it, and the cluster is ours. */
async function isRecordedMark(live: LiveCluster, recorded: RecordedObjects): Promise<boolean> {
  const { name, namespace } = IDENTITY;
  const uid = recorded.get(`/ConfigMap/${namespace}/${name}`)?.stored?.metadata.uid;
  const found = await live.get<KubeObject>(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
  return uid !== undefined && uid === found?.metadata.uid;
}

async function compared({ declared, mark, recorded }: DriftTarget, live: LiveCluster): Promise<ClusterDrift> {
  const place = { stack: mark.stack, cluster: mark.cluster };
  const objects = declared.map(({ object }) => object);
  const deployed = [...recorded.values()].map((one) => one.declared);
  const inventory = await readInventory(live, objects, deployed);
  const isUnread = ({ apiVersion, kind }: KubeObject) =>
    inventory.unread.some((one) => one.apiVersion === apiVersion && one.kind === kind);
  const readable = declared.filter(({ object }) => !isUnread(object));
  const autoscaled = new AutoscaledObjects(live);
  const results = await Promise.all(
    readable.map(({ component, object }) => {
      const key = keyOf(object);
      const observed = { declared: object, live: inventory.objects.get(key), recorded: recorded.get(key) };
      const about = { ...place, object: objectName(object), component };
      return objectDrift(about, observed, live, (one) => autoscaled.has(one));
    }),
  );
  const known = new Set([...objects.map(keyOf), ...recorded.keys()]);
  const drift = results.flatMap((one) => one.drift);
  return {
    ...place,
    objects: readable.length,
    undeployed: countUndeployed(objects, recorded),
    drift: [...drift, ...orphans(place, inventory.objects, known)],
    foreign: readable.flatMap(({ object }) => {
      const found = inventory.objects.get(keyOf(object));
      return found ? foreignFields(place, found, drift) : [];
    }),
    unknown: [
      ...inventory.unread.map(({ apiVersion, kind, reason }) => ({ ...place, what: `${apiVersion} ${kind}`, reason })),
      ...results.flatMap(({ unknown }, index) => {
        const { kind, metadata } = readable[index]?.object ?? {};
        const name = [metadata?.namespace, metadata?.name].filter(Boolean).join("/");
        return unknown === undefined ? [] : [{ ...place, what: `${kind} ${name}`, reason: unknown }];
      }),
    ],
  };
}

/** What carries our label, is made by nobody's controller, and is known to nobody. */
function orphans(
  place: Pick<About, "stack" | "cluster">,
  live: ReadonlyMap<string, KubeObject>,
  known: ReadonlySet<string>,
): DriftEntry[] {
  return [...live].flatMap(([key, object]) => {
    const { ownerReferences } = object.metadata;
    const isMade = Array.isArray(ownerReferences) && ownerReferences.length > 0;
    if (known.has(key) || isMade) return [];
    const owner = Ownership.of(object).ownersWithin.at(-1);
    return [{ ...place, object: objectName(object), path: "", kind: "orphan" as const, ...owner }];
  });
}
