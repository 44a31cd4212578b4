/** The live objects that bear on an environment: those that it declares, and those that carry its label. */
import { setTimeout as sleep } from "node:timers/promises";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { ClusterUnreachable, type LiveCluster } from "../../stacks/live-cluster";

/** What could be read of a cluster. */
export interface LiveInventory {
  /** By key, see kube-object.ts. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** Kinds that could not be read, and why; nothing may be concluded of their objects. */
  readonly unread: readonly { readonly apiVersion: string; readonly kind: string; readonly reason: string }[];
}

/** Objects of one answer: a list of this many definitions is still some megabytes. */
const PAGE = 100;

/** Only what carries the platform's label: a cluster's other objects, Secrets among them, are nobody's business here. */
const MANAGED = `labelSelector=${encodeURIComponent("app.kubernetes.io/managed-by=fleetwright")}`;

interface Page {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly Omit<KubeObject, "apiVersion" | "kind">[];
}

/**
 * Reads, one list for each kind, in the version in which the objects are declared. An object that is declared and not in
 * its list is asked for by name, since its label may be what was changed.
 *
 * @param declared what should be there
 * @param others further objects whose kinds are looked through
 */
export async function readInventory(
  cluster: LiveCluster,
  declared: readonly KubeObject[],
  others: readonly KubeObject[],
): Promise<LiveInventory> {
  const kinds = new Map<string, { apiVersion: string; kind: string; declared: KubeObject[] }>();
  for (const object of [...declared, ...others]) {
    const { apiVersion, kind } = object;
    const one = kinds.get(`${apiVersion}/${kind}`) ?? { apiVersion, kind, declared: [] };
    kinds.set(`${apiVersion}/${kind}`, one);
  }
  for (const object of declared) kinds.get(`${object.apiVersion}/${object.kind}`)?.declared.push(object);
  const objects = new Map<string, KubeObject>();
  const unread: LiveInventory["unread"][number][] = [];
  await Promise.all(
    [...kinds.values()].map(async ({ apiVersion, declared: wanted, kind }) => {
      try {
        const found = await patiently(() => readKind(cluster, apiVersion, kind, wanted));
        for (const object of found) objects.set(keyOf(object), object);
      } catch (error) {
        if (!(error instanceof ClusterUnreachable)) throw error;
        unread.push({ apiVersion, kind, reason: error.message });
      }
    }),
  );
  return { objects, unread };
}

/** How often a kind is asked for, and how long is waited in between: a busy API server lets some requests go. */
const [TRIES, PAUSE_MS] = [4, 2_000];

async function patiently<T>(question: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await question();
    } catch (error) {
      const isFinal = !(error instanceof ClusterUnreachable) || / answered 40[13]: /.test(error.message);
      if (isFinal || left === 0) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function readKind(
  cluster: LiveCluster,
  apiVersion: string,
  kind: string,
  wanted: readonly KubeObject[],
): Promise<KubeObject[]> {
  const path = await cluster.pathOf(apiVersion, kind);
  if (path === undefined) return [];
  // items of a list say neither their version nor their kind
  const listed = (await pages(cluster, path)).map((item) => ({ ...item, apiVersion, kind }) as KubeObject);
  const found = new Set(listed.map(keyOf));
  const rest = await Promise.all(
    wanted
      .filter((object) => !found.has(keyOf(object)))
      .map(async ({ metadata: { name, namespace } }) =>
        cluster.get<KubeObject>(`${await cluster.pathOf(apiVersion, kind, namespace)}/${name}`),
      ),
  );
  return [...listed, ...rest.flatMap((object) => object ?? [])];
}

async function pages(cluster: LiveCluster, path: string): Promise<Page["items"]> {
  const items: Page["items"][number][] = [];
  let next: string | undefined = "";
  do {
    const page: Page | undefined = await cluster.get(
      `${path}?${MANAGED}&limit=${PAGE}&continue=${encodeURIComponent(next)}`,
    );
    items.push(...(page?.items ?? []));
    next = page?.metadata.continue;
  } while (next);
  return items;
}
