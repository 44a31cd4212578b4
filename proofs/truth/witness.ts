/** What the API server itself knows of objects, asked beside the engine: whether each is there, which one it is, what it holds. */
import { createHash } from "node:crypto";
import { groupOf, type KubeObject, keyOf } from "../../components/kube-object";
import { listKinds } from "../../lifecycle/live-objects";
import type { LiveCluster } from "../../stacks/live-cluster";

/** An object at one moment. */
export interface Sighting {
  /** By which the API server tells one object of a name from the next. */
  readonly uid: string;
  /** Of what somebody wrote: neither status nor bookkeeping. */
  readonly content: string;
}

/** By `keyOf`. */
export type Sightings = ReadonlyMap<string, Sighting>;

/** Looks at every object of these kinds; those that are on their way out are gone. */
export async function look(
  live: LiveCluster,
  kinds: readonly Pick<KubeObject, "apiVersion" | "kind">[],
): Promise<Sightings> {
  const wanted = [
    ...new Map(kinds.map((one) => [`${groupOf(one)}/${one.kind}`, { group: groupOf(one), kind: one.kind }])).values(),
  ];
  const objects = await listKinds<KubeObject>(live, wanted);
  const there = objects.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return new Map(
    there.map((object) => [keyOf(object), { uid: String(object.metadata.uid), content: contentOf(object) }]),
  );
}

function contentOf({ metadata, status: _, ...rest }: KubeObject): string {
  const { annotations = {}, labels = {} } = metadata;
  return createHash("sha256")
    .update(JSON.stringify([labels, annotations, rest]))
    .digest("hex");
}

/** What the API server saw of one object between two moments. */
export type Seen = "appeared" | "gone" | "another" | "changed" | "as it was" | "never there";

export function seen(key: string, before: Sightings, after: Sightings): Seen {
  const [was, is] = [before.get(key), after.get(key)];
  if (!was) return is ? "appeared" : "never there";
  if (!is) return "gone";
  if (was.uid !== is.uid) return "another";
  return was.content === is.content ? "as it was" : "changed";
}
