/**
 * Everything that an environment keeps in its secret store, by who makes it: read from the references of all components
 * of all clusters, so that nothing is kept that nobody reads, and nothing is read that nobody made.
 */
import { fleetCaEntry } from "../components/cert-manager/fleet-ca";
import { clusterParts } from "../components/cluster-parts";
import type { SecretReference, StoreKey } from "../components/secret-reference";
import { clusterArgs } from "./cluster-args";
import { type Consumer, type CrossClusterCredential, crossClusterCredentials } from "./credentials";
import type { Environment } from "./environment";

/** A Secret that holds what the store has, and which of its keys hold what. */
export interface KeyedConsumer extends Consumer {
  readonly keys: Readonly<Record<string, StoreKey>>;
}

interface Kept {
  /** By which it is asked for, a DNS label. */
  readonly name: string;
  /** What it is for, one word or sentence. */
  readonly purpose: string;
  /** Where it lies in the store. */
  readonly entry: string;
  readonly consumers: readonly KeyedConsumer[];
}

/** Lets one cluster into another, for a time. */
export interface Token extends Kept, Omit<CrossClusterCredential, "consumers" | "purpose"> {
  readonly kind: "token";
}

/** The CA that all clusters share. */
export interface Authority extends Kept {
  readonly kind: "authority";
}

/** Random values that nobody needs to know. */
export interface Password extends Kept {
  readonly kind: "password";
  /** Names of the values. */
  readonly properties: readonly string[];
}

/** What the team brings. */
export interface Brought extends Kept {
  readonly kind: "brought";
  /** Names of the values. */
  readonly properties: readonly string[];
}

/** One entry of the store. */
export type Credential = Token | Authority | Password | Brought;

type Placed = SecretReference & { readonly cluster: string };

/**
 * All of an environment, tokens first.
 *
 * @throws Error when components disagree on who makes an entry, or refer to an issued one that nothing issues
 */
export function credentialInventory(environment: Environment): Credential[] {
  const placed = Object.keys(environment.clusters).flatMap((cluster) =>
    clusterParts(clusterArgs(environment, cluster, environment.name)).flatMap(({ secrets = [] }) =>
      secrets.map((reference): Placed => ({ ...reference, cluster })),
    ),
  );
  const tokens = new Map(crossClusterCredentials(environment).map((token) => [token.entry, token]));
  const entries = [...new Set(placed.flatMap(({ keys }) => Object.values(keys).map(({ entry }) => entry)))];
  const all = entries.map((entry) => credentialOf(environment, entry, placed, tokens.get(entry)));
  const rank = (kind: Credential["kind"]) => ["token", "authority", "password", "brought"].indexOf(kind);
  return all.sort((a, b) => rank(a.kind) - rank(b.kind));
}

function credentialOf(
  environment: Environment,
  entry: string,
  placed: readonly Placed[],
  token: CrossClusterCredential | undefined,
): Credential {
  const readers = placed.filter(({ keys }) => Object.values(keys).some((key) => key.entry === entry));
  const origins = [...new Set(readers.map(({ origin }) => origin))];
  if (origins.length > 1) throw new Error(`entry ${entry} is ${origins.join(" and ")}, must have one origin`);
  const consumers = readers.map(({ cluster, keys, name, namespace }) => ({
    cluster,
    namespace,
    secretName: name,
    keys: Object.fromEntries(Object.entries(keys).filter(([, key]) => key.entry === entry)),
  }));
  const kept = {
    name: entry.split("/").slice(2).join("-"),
    purpose: readers[0]?.why ?? "",
    entry,
    consumers,
  };
  if (token) return { ...token, kind: "token", consumers };
  if (entry === fleetCaEntry(environment.name)) return { ...kept, kind: "authority" };
  const used = readers.flatMap(({ keys }) => Object.values(keys)).filter((key) => key.entry === entry);
  const properties = [...new Set(used.map(({ property }) => property))];
  if (origins[0] === "generated") return { ...kept, kind: "password", properties };
  if (origins[0] === "brought") return { ...kept, kind: "brought", properties };
  throw new Error(`entry ${entry} is said to be issued, and nothing issues it: add it to stacks/credentials.ts`);
}
