/**
 * Clusters in memory that answer what the work on tokens asks them: accounts, bound tokens, reviews, Secrets. Operators
 * hand over what the store has when they are asked to. What real ones answer is tried on real ones.
 */
import type { Clusters } from "../../../lifecycle/credentials/clusters";
import type { SecretStore, StoreEntry } from "../../../lifecycle/credentials/secret-store";
import type { Token } from "../../../stacks/credential-inventory";
import { ClusterUnreachable } from "../../../stacks/live-cluster";

export const CANARY = "canary-token";

export const TOKEN: Token = {
  kind: "token",
  name: "istio-remote-east",
  purpose: "istio-remote",
  cluster: "east",
  namespace: "istio-system",
  serviceAccount: "reader",
  entry: "fleetwright/dev/istio-remote/east",
  format: "kubeconfig",
  consumers: ["hub", "west"].map((cluster) => ({
    cluster,
    namespace: "istio-system",
    secretName: "istio-remote-secret-east",
    keys: { east: { entry: "fleetwright/dev/istio-remote/east", property: "kubeconfig" } },
  })),
};

export class FakeStore implements SecretStore {
  readonly entries = new Map<string, StoreEntry>();
  get = async (entry: string) => this.entries.get(entry);
  put = async (entry: string, contents: StoreEntry) => void this.entries.set(entry, contents);
  delete = async (entry: string) => void this.entries.delete(entry);
}

/** Everything that happened to tokens, in order. */
export class FakeFleet implements Clusters {
  readonly events: string[] = [];
  /** Bound Secrets by name, with the token that lives as long. */
  readonly bound = new Map<string, string>();
  /** Clusters that do not answer. */
  readonly down = new Set<string>();
  /** Clusters whose operator does not read the store. */
  readonly deaf = new Set<string>();
  url = "https://east.example:6443";
  /** Whether the account exists. */
  account = true;
  /** Most that the API server grants. */
  mostSeconds = Number.POSITIVE_INFINITY;
  private readonly held = new Map<string, string>();
  private made = 0;

  constructor(private readonly store: FakeStore) {}

  server = async () => ({ url: this.url, caData: "Q0E=" });

  open = async (cluster: string) => {
    if (this.down.has(cluster)) throw new ClusterUnreachable(`cluster ${cluster}: no route`);
    return {
      get: async <T>(path: string) => this.get(cluster, path) as T | undefined,
      send: async <T>(method: string, path: string, object?: object) =>
        this.send(cluster, method, path, object) as T | undefined,
    };
  };

  private get(cluster: string, path: string): unknown {
    if (path.includes("/serviceaccounts/")) return this.account ? {} : undefined;
    if (path.includes("?labelSelector="))
      return { items: [...this.bound.keys()].map((name) => ({ metadata: { name } })) };
    const kubeconfig = this.held.get(cluster);
    return kubeconfig === undefined ? undefined : { data: { east: Buffer.from(kubeconfig).toString("base64") } };
  }

  private send(cluster: string, method: string, path: string, object: object = {}): unknown {
    if (path.endsWith("/tokenreviews")) {
      const { token } = (object as { spec: { token: string } }).spec;
      const authenticated = [...this.bound.values()].includes(token);
      return { status: { authenticated, user: { username: "system:serviceaccount:istio-system:reader" } } };
    }
    if (path.endsWith("/token")) {
      const { boundObjectRef, expirationSeconds } = (
        object as { spec: { boundObjectRef: { name: string }; expirationSeconds: number } }
      ).spec;
      const token = `${CANARY}-${++this.made}`;
      this.bound.set(boundObjectRef.name, token);
      this.events.push(`issue ${token}`);
      const seconds = Math.min(expirationSeconds, this.mostSeconds);
      return { status: { token, expirationTimestamp: new Date(Date.now() + seconds * 1000).toISOString() } };
    }
    if (method === "DELETE") {
      const name = path.split("/").at(-1) ?? "";
      this.events.push(`revoke ${this.bound.get(name)}`);
      this.bound.delete(name);
      return {};
    }
    if (method === "PATCH") {
      if (this.deaf.has(cluster)) return {};
      const kubeconfig = this.store.entries.get(TOKEN.entry)?.kubeconfig ?? "";
      this.held.set(cluster, kubeconfig);
      this.events.push(`${cluster} holds ${/token: (\S+)/.exec(kubeconfig)?.[1]}`);
      return {};
    }
    return { metadata: { uid: "u" } };
  }
}
