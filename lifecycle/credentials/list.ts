/** What the store of an environment has and lacks, without a single value. */
import { type Credential, credentialInventory } from "../../stacks/credential-inventory";
import type { Environment } from "../../stacks/environment";
import { timesOf } from "./fleet-values";
import { type SecretStore, secretStore } from "./secret-store";

/** One credential as it may be shown. */
export interface ListedCredential {
  readonly name: string;
  readonly kind: Credential["kind"];
  readonly purpose: string;
  /** Cluster that a token lets into. */
  readonly cluster?: string;
  /** Path in the store. */
  readonly entry: string;
  /** RFC 3339, where it is known. */
  readonly issued?: string;
  /** RFC 3339; absent where it does not end. */
  readonly expires?: string;
  /** `due`: less than a third of its time is left, `issue` renews it. */
  readonly state: "valid" | "due" | "expired" | "missing";
  /** The Secrets that hold it: `cluster/namespace/name`. */
  readonly consumers: readonly string[];
}

/**
 * Reads the store; asks no cluster.
 *
 * @throws CredentialsInvalid when the environment has no store
 */
export async function listCredentials(environment: Environment, root: string): Promise<readonly ListedCredential[]> {
  const store = secretStore(environment, root);
  return Promise.all(credentialInventory(environment).map((credential) => listed(credential, store)));
}

async function listed(credential: Credential, store: SecretStore): Promise<ListedCredential> {
  const { consumers, entry, kind, name, purpose } = credential;
  const contents = await store.get(entry);
  const times = timesOf(contents);
  return {
    name,
    kind,
    purpose,
    ...(kind === "token" ? { cluster: credential.cluster } : {}),
    entry,
    ...times,
    state: contents && wanted(credential).every((property) => contents[property]) ? stateAt(times) : "missing",
    consumers: consumers.map(({ cluster, namespace, secretName }) => `${cluster}/${namespace}/${secretName}`),
  };
}

/** Names of the values that its consumers read. */
const wanted = ({ consumers }: Credential) =>
  consumers.flatMap(({ keys }) => Object.values(keys).map(({ property }) => property));

/** Where a time is in itself. */
export function stateAt(
  { expires, issued }: { readonly expires?: string; readonly issued?: string },
  nowMs = Date.now(),
): "valid" | "due" | "expired" {
  if (!expires) return "valid";
  const [from, to] = [Date.parse(issued ?? expires), Date.parse(expires)];
  if (to <= nowMs) return "expired";
  return to - nowMs > (to - from) / 3 ? "valid" : "due";
}
