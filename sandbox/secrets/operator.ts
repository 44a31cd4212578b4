/**
 * Plays External Secrets Operator in one cluster: makes the Secrets that ExternalSecrets ask for from the sandbox's
 * store, keeps them as they are there, and says how that goes. Taking them away is the garbage collector's, for each
 * belongs to its ExternalSecret.
 */
import {
  ApiException,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Secret,
} from "@kubernetes/client-node";
import type { SealedStore, StoreEntry } from "./sealed-store";
import { type ExternalSecret, isAsMade, MANAGED_LABEL, secretOf } from "./secret-of";

const KIND = { group: "external-secrets.io", version: "v1", plural: "externalsecrets" } as const;

/** Its field manager's name is upstream's. */
const MANAGER = { fieldManager: "external-secrets", force: true } as const;

/** Least time between two looks: the store changes seldom, and each look opens two connections for every cluster. */
const LOOK_MS = 3000;

export class SecretOperator {
  private readonly core: CoreV1Api;
  private readonly objects: CustomObjectsApi;
  private lookedMs = 0;

  constructor(
    config: KubeConfig,
    private readonly store: SealedStore,
  ) {
    this.core = config.makeApiClient(CoreV1Api);
    this.objects = config.makeApiClient(CustomObjectsApi);
  }

  /**
   * Brings Secrets in line with the store; does nothing where it did so within the last three seconds.
   *
   * @throws the first error, after all has been tried; without anything that a Secret holds
   */
  async reconcile(): Promise<void> {
    if (Date.now() - this.lookedMs < LOOK_MS) return;
    this.lookedMs = Date.now();
    const wanted = await this.externalSecrets();
    if (wanted.length === 0) return;
    const live = new Map(
      (await this.core.listSecretForAllNamespaces({ labelSelector: `${MANAGED_LABEL}=true` })).items.map((secret) => [
        placeOf(secret),
        secret,
      ]),
    );
    const entries = await this.entriesOf(wanted);
    const results = await Promise.allSettled(wanted.map((one) => this.make(one, live, (entry) => entries.get(entry))));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw withoutContents(failed.reason);
  }

  private async externalSecrets(): Promise<ExternalSecret[]> {
    try {
      const list = (await this.objects.listClusterCustomObject(KIND)) as { items: ExternalSecret[] };
      // items of a list carry neither
      const said = { apiVersion: `${KIND.group}/${KIND.version}`, kind: "ExternalSecret" };
      return list.items.filter(({ metadata }) => !metadata?.deletionTimestamp).map((item) => ({ ...item, ...said }));
    } catch (error) {
      // the kind is made known by the platform, which may not be here yet
      if (error instanceof ApiException && error.code === 404) return [];
      throw withoutContents(error);
    }
  }

  private async entriesOf(wanted: readonly ExternalSecret[]): Promise<Map<string, StoreEntry>> {
    const names = new Set(wanted.flatMap(({ spec }) => spec.data.map(({ remoteRef }) => remoteRef.key)));
    const read = await Promise.all([...names].map(async (entry) => [entry, await this.store.get(entry)] as const));
    return new Map(read.flatMap(([entry, contents]) => (contents ? [[entry, contents]] : [])));
  }

  private async make(
    one: ExternalSecret,
    live: ReadonlyMap<string, V1Secret>,
    read: (entry: string) => StoreEntry | undefined,
  ): Promise<void> {
    const made = secretOf(one, read);
    if ("lacks" in made) return this.say(one, "False", "SecretSyncedError", made.lacks);
    const { secret } = made;
    const { name = "", namespace = "" } = secret.metadata ?? {};
    if (!isAsMade(live.get(placeOf(secret)), secret)) {
      await this.core.patchNamespacedSecret(
        { name, namespace, body: secret, ...MANAGER },
        setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
      );
    }
    await this.say(one, "True", "SecretSynced", "secret synced");
  }

  /** Writes the condition down where it is another than before. */
  private async say(one: ExternalSecret, status: "True" | "False", reason: string, message: string): Promise<void> {
    const before = one.status?.conditions?.find(({ type }) => type === "Ready");
    if (before?.status === status && before.reason === reason && before.message === message) return;
    const now = new Date().toISOString();
    const { name = "", namespace = "" } = one.metadata ?? {};
    const condition = { type: "Ready", status, reason, message, lastTransitionTime: now };
    await this.objects.patchNamespacedCustomObjectStatus(
      { ...KIND, name, namespace, body: { status: { conditions: [condition], refreshTime: now } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }
}

const placeOf = ({ metadata }: V1Secret) => `${metadata?.namespace}/${metadata?.name}`;

/** An API server's answer may repeat what it was sent. */
function withoutContents(error: unknown): unknown {
  if (!(error instanceof ApiException)) return error;
  return new Error(`the API server answered ${error.code}`);
}
