/** What a cluster holds of the platform, so exactly that a later look tells what was made anew, changed or restarted. */
import { createHash } from "node:crypto";
import { groupOf, type KubeObject } from "../../components/kube-object";
import type { LiveCluster } from "../../stacks/live-cluster";

/** One object as it is now. */
export interface Fingerprint {
  readonly uid: string;
  /** Changes whenever what was asked for changes, and with nothing that only a status says. */
  readonly content: string;
}

/** A cluster at one moment. */
export interface ClusterPicture {
  /** The platform's objects, by `group Kind namespace/name`. */
  readonly objects: ReadonlyMap<string, Fingerprint>;
  /** Pods that no Job made: by `namespace/name`, uid and restarts. */
  readonly pods: ReadonlyMap<string, string>;
}

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly generation?: number;
  readonly ownerReferences?: readonly { readonly kind: string }[];
}
interface Item {
  readonly metadata: Meta;
  readonly [field: string]: unknown;
}
interface List {
  readonly items: readonly Item[];
}
interface PodList {
  readonly items: readonly (Item & {
    readonly status?: { readonly containerStatuses?: readonly { readonly restartCount: number }[] };
  })[];
}

const MANAGED = `labelSelector=${encodeURIComponent("app.kubernetes.io/managed-by=fleetwright")}`;

/**
 * Takes the picture.
 *
 * @param desired what the environment puts there: its kinds are looked at
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function pictureOf(live: LiveCluster, desired: readonly KubeObject[]): Promise<ClusterPicture> {
  const kinds = new Map(desired.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const [pods, ...lists] = await Promise.all([
    live.get<PodList>("/api/v1/pods"),
    ...[...kinds.values()].map(({ apiVersion, kind }) => fingerprintsOf(live, apiVersion, kind)),
  ]);
  const kept = (pods?.items ?? []).filter(
    ({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === "Job"),
  );
  return {
    objects: new Map(lists.flat()),
    pods: new Map(
      kept.map(({ metadata, status }) => {
        const restarts = (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
        return [`${metadata.namespace}/${metadata.name}`, `${metadata.uid}, ${restarts} restarts`];
      }),
    ),
  };
}

async function fingerprintsOf(live: LiveCluster, apiVersion: string, kind: string): Promise<[string, Fingerprint][]> {
  const path = await live.pathOf(apiVersion, kind);
  if (path === undefined) return [];
  const metadata = (await live.get<List>(`${path}?${MANAGED}`, "metadata"))?.items ?? [];
  // the API server counts what was asked for, of most kinds; of the others what they hold is compared
  const counted = metadata.every(({ metadata: { generation } }) => generation !== undefined && generation > 0);
  const items = counted ? metadata : ((await live.get<List>(`${path}?${MANAGED}`))?.items ?? []);
  const group = groupOf({ apiVersion }) || "core";
  return items.map((item) => {
    const { name, namespace, uid, generation } = item.metadata;
    const content = counted ? `generation ${generation}` : digestOf(item);
    return [`${group} ${kind} ${[namespace, name].filter(Boolean).join("/")}`, { uid, content }];
  });
}

/** Of all but its status and what the API server notes of every write. */
function digestOf({ metadata, status: _, ...rest }: Item): string {
  const { managedFields: __, resourceVersion: ___, ...kept } = metadata as Meta & Record<string, unknown>;
  return createHash("sha256")
    .update(JSON.stringify({ ...rest, metadata: kept }))
    .digest("hex");
}

/** What became of a cluster between two moments, one sentence per object or pod; empty where nothing did. */
export function differences(before: ClusterPicture, after: ClusterPicture): string[] {
  const objects = [...before.objects].flatMap(([name, was]) => {
    const is = after.objects.get(name);
    if (is === undefined) return [`${name} is gone`];
    if (is.uid !== was.uid) return [`${name} was made anew`];
    return is.content === was.content ? [] : [`${name} was changed`];
  });
  const added = [...after.objects.keys()].filter((name) => !before.objects.has(name)).map((name) => `${name} is new`);
  const pods = [...before.pods].flatMap(([name, was]) =>
    after.pods.get(name) === was ? [] : [`pod ${name} ${after.pods.has(name) ? "was restarted" : "is gone"}`],
  );
  return [...objects, ...added, ...pods];
}
