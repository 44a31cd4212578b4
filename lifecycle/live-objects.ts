/** The objects of some kinds in a live cluster, in the version that the API server prefers, as Gatekeeper's audit reads them. */
import type { LiveCluster } from "../stacks/live-cluster";

/** A kind in whatever version its group has. */
export interface LiveKind {
  /** `""` is the core group. */
  readonly group: string;
  readonly kind: string;
}

/** Objects of one answer: a list of this many definitions is still some megabytes. */
const PAGE = 100;

interface Page<T> {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly T[];
}

/**
 * Kinds that the cluster does not serve have no objects.
 *
 * @throws ClusterUnreachable when the cluster does not answer, or does not let these credentials list a kind
 */
export async function listKinds<T extends object>(live: LiveCluster, kinds: readonly LiveKind[]): Promise<T[]> {
  const versions = await preferredVersions(live);
  const wanted = new Map(kinds.map((one) => [`${one.group}/${one.kind}`, one]));
  const lists = await Promise.all(
    [...wanted.values()].map(async ({ group, kind }) => {
      const version = group === "" ? "v1" : versions.get(group);
      const apiVersion = group === "" || version === undefined ? version : `${group}/${version}`;
      const path = apiVersion && (await live.pathOf(apiVersion, kind));
      return path ? (await pages<T>(live, path)).map((item) => ({ ...item, apiVersion, kind })) : [];
    }),
  );
  return lists.flat();
}

/** By group. */
async function preferredVersions(live: LiveCluster): Promise<ReadonlyMap<string, string>> {
  const list = await live.get<{
    readonly groups: readonly { readonly name: string; readonly preferredVersion: { readonly version: string } }[];
  }>("/apis");
  return new Map((list?.groups ?? []).map(({ name, preferredVersion }) => [name, preferredVersion.version]));
}

async function pages<T>(live: LiveCluster, path: string): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined = "";
  do {
    const page: Page<T> | undefined = await live.get(`${path}?limit=${PAGE}&continue=${encodeURIComponent(next)}`);
    items.push(...(page?.items ?? []));
    next = page?.metadata.continue;
  } while (next);
  return items;
}
