/** One token of an environment, kept valid: made, handed over, and let go once nobody needs it any more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Token } from "../../stacks/credential-inventory";
import { ClusterUnreachable } from "../../stacks/live-cluster";
import { accessIn, type Server } from "./access";
import { issueToken, isTaken, otherTokens, revokeToken } from "./bound-token";
import type { Clusters } from "./clusters";
import { handOver } from "./consumers";
import type { SecretStore, StoreEntry } from "./secret-store";

export interface TokenSettings {
  /** Whether a valid one is replaced, too. */
  readonly anew: boolean;
  readonly lifetimeSeconds: number;
  /** How long an old token stays valid once every consumer holds the new one. */
  readonly graceSeconds: number;
}

interface KeptToken {
  readonly outcome: "issued" | "renewed" | "kept" | "incomplete";
  readonly issued: string;
  readonly expires: string;
  readonly message?: string;
}

/**
 * Keeps exactly one token of a credential, whatever an earlier run left: the one in the store.
 *
 * @throws ClusterUnreachable when the token's own cluster does not answer; then all is as before
 */
export async function keepToken(
  of: Token,
  store: SecretStore,
  clusters: Clusters,
  { anew, graceSeconds, lifetimeSeconds }: TokenSettings,
): Promise<KeptToken> {
  const [cluster, server, before] = [
    await clusters.open(of.cluster),
    await clusters.server(of.cluster),
    await store.get(of.entry),
  ];
  const stays =
    !anew &&
    before !== undefined &&
    hasTime(before, lifetimeSeconds) &&
    leadsTo(of, server, before) &&
    (await isTaken(cluster, of, before.token ?? ""));
  let entry = before ?? {};
  if (!stays) {
    const issued = new Date().toISOString();
    const { boundTo, expires, token } = await issueToken(cluster, of, lifetimeSeconds);
    entry = { ...accessIn(of.format, of.cluster, server, token), token, issued, expires, boundTo };
    await store.put(of.entry, entry);
  }
  const kept = { issued: entry.issued ?? "", expires: entry.expires ?? "" };
  const outcome = stays ? "kept" : before ? "renewed" : "issued";
  const old = await otherTokens(cluster, of, entry.boundTo);
  if (stays && old.length === 0) return { ...kept, outcome };
  const waiting = await heldUp(clusters, of, entry, old.length === 0 ? 0 : undefined);
  if (old.length === 0) return { ...kept, outcome };
  if (waiting) {
    const message = `${waiting}; the token before stays valid until this is run again`;
    return { ...kept, outcome: "incomplete", message };
  }
  await sleep(graceSeconds * 1000);
  for (const boundTo of old) await revokeToken(cluster, of, boundTo);
  return { ...kept, outcome };
}

/** Why the old token is still needed; undefined when it is not. */
async function heldUp(
  clusters: Clusters,
  { consumers }: Token,
  entry: StoreEntry,
  waitMs: number | undefined,
): Promise<string | undefined> {
  try {
    const behind = await handOver(clusters, consumers, entry, waitMs);
    return behind.length === 0 ? undefined : `${behind.join(", ")} does not hold the new one yet`;
  } catch (error) {
    if (error instanceof ClusterUnreachable) return error.message;
    throw error;
  }
}

/** More than a third of its time is left, and not more time than may be given. */
function hasTime({ expires = "", issued = "" }: StoreEntry, lifetimeSeconds: number): boolean {
  const [from, to, now] = [Date.parse(issued), Date.parse(expires), Date.now()];
  // an API server may grant some seconds more than asked: kube-apiserver rounds
  const most = lifetimeSeconds * 1000 + 60_000;
  return to - now > (to - from) / 3 && to - now <= most;
}

/** Whether what the entry says of the cluster is still so. */
function leadsTo({ cluster, format }: Token, server: Server, entry: StoreEntry): boolean {
  const now = accessIn(format, cluster, server, entry.token ?? "");
  return Object.entries(now).every(([property, value]) => entry[property] === value);
}
