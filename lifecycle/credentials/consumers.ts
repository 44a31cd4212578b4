/** Whether those who are let in hold what the store has: read from their own clusters. */
import { setTimeout as sleep } from "node:timers/promises";
import type { StoreEntry } from "../../sandbox/secrets/sealed-store";
import type { KeyedConsumer } from "../../stacks/credential-inventory";
import type { Clusters } from "./clusters";

/** Longest wait: the operator reads the store at once when it is asked to. */
const WAIT_MS = 60_000;
const LOOK_MS = 500;

/**
 * Asks every consumer's operator to read the store now, and waits until each Secret holds the entry.
 *
 * @returns the Secrets that do not hold it, `cluster/namespace/name`
 * @throws ClusterUnreachable when a consumer's cluster does not answer
 */
export async function handOver(
  clusters: Clusters,
  consumers: readonly KeyedConsumer[],
  entry: StoreEntry,
  waitMs = WAIT_MS,
): Promise<string[]> {
  const now = new Date().toISOString();
  await Promise.all(
    consumers.map(async ({ cluster, namespace, secretName }) => {
      const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${secretName}`;
      // the annotation is upstream's way to have one read at once; where a Secret is brought by hand there is none
      await (await clusters.open(cluster)).send("PATCH", path, { metadata: { annotations: { "force-sync": now } } });
    }),
  );
  const until = Date.now() + waitMs;
  for (;;) {
    const behind = await thoseBehind(clusters, consumers, entry);
    if (behind.length === 0 || Date.now() >= until) return behind;
    await sleep(LOOK_MS);
  }
}

async function thoseBehind(
  clusters: Clusters,
  consumers: readonly KeyedConsumer[],
  entry: StoreEntry,
): Promise<string[]> {
  const found = await Promise.all(
    consumers.map(async ({ cluster, keys, namespace, secretName }) => {
      const path = `/api/v1/namespaces/${namespace}/secrets/${secretName}`;
      const secret = await (await clusters.open(cluster)).get<{ data?: Record<string, string> }>(path);
      const holds = Object.entries(keys).every(([key, { property }]) => {
        const value = secret?.data?.[key];
        return value !== undefined && Buffer.from(value, "base64").toString("utf8") === entry[property];
      });
      return holds ? [] : [`${cluster}/${namespace}/${secretName}`];
    }),
  );
  return found.flat();
}
