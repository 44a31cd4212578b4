/**
 * A Secret whose contents live in the secret store. A component says which it needs; the contents are in no argument, no
 * manifest and no state, only where they lie.
 *
 *     component ──SecretReference──▶ ExternalSecret ──read by the cluster's operator──▶ Secret
 *                                                                 ▲
 *                                  secret store ──────────────────┘
 */
import { type Labels, requireDnsLabel } from "./labels";

/** One value in the store. */
export interface StoreKey {
  /** Path of the entry, as {@link storeEntry} makes it. */
  readonly entry: string;
  /** Name of the value in the entry, which is a JSON object of strings. */
  readonly property: string;
}

/**
 * Who puts it into the store:
 * - `issued`: `fleetwright credentials`, for it must be asked of a cluster or signed;
 * - `generated`: the same, at random, once: nobody needs to know it;
 * - `brought`: the team, for it comes from outside, such as the URL of a chat room.
 */
export type SecretOrigin = "issued" | "generated" | "brought";

/** A Secret of one cluster. */
export interface SecretReference {
  /** Namespace of the Secret, a DNS label. */
  readonly namespace: string;
  /** Name of the Secret, a DNS name of at most 253 characters. */
  readonly name: string;
  /** Its keys, at least one, and where the value of each lies. */
  readonly keys: Readonly<Record<string, StoreKey>>;
  /** Labels of the Secret, by which programs find it. @default none */
  readonly labels?: Labels;
  /** Type of the Secret; it cannot be changed later. @default Opaque */
  readonly type?: string;
  /** Who puts it into the store. */
  readonly origin: SecretOrigin;
  /** What it is for, one sentence. */
  readonly why: string;
}

/**
 * Path of an entry in the store: `fleetwright/<environment>/<names>`, so that one store can serve several environments
 * and one rule of the store's own can protect each.
 *
 * @param names DNS labels: what it is for, and of which cluster
 * @throws Error when one is no DNS label
 */
export function storeEntry(environment: string, ...names: readonly string[]): string {
  for (const name of [environment, ...names]) requireDnsLabel("secret-reference", "entry", name);
  return ["fleetwright", environment, ...names].join("/");
}
