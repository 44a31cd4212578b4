/**
 * What lets one cluster into another, and what all of them share: made, renewed, let go, listed. Values go from where
 * they are made into the secret store and from there into clusters; nothing here returns, prints or throws one.
 *
 *     issue    makes what is missing or has less than a third of its time left, and ends what a run left half done
 *     rotate   makes anew, waits until every consumer holds it, and only then lets the old one go
 */
import { SandboxError } from "../sandbox/sandbox-error";
import { type Credential, credentialInventory } from "../stacks/credential-inventory";
import type { Environment } from "../stacks/environment";
import { ClusterUnreachable, RequestRefused } from "../stacks/live-cluster";
import { type Clusters, OpenedClusters } from "./credentials/clusters";
import { type AskedFault, CredentialsInvalid, StoreUnavailable } from "./credentials/credentials-error";
import { issueAuthority, issuePassword, rotatePassword } from "./credentials/fleet-values";
import { type SecretStore, secretStore } from "./credentials/secret-store";
import { keepToken } from "./credentials/token";

/** What was done about one credential. */
export interface CredentialResult {
  readonly name: string;
  readonly kind: Credential["kind"];
  /** Cluster that a token lets into. */
  readonly cluster?: string;
  /**
   * `issued` where there was none, `renewed`, `kept` as it is; `missing` is the team's to bring; `incomplete`: a new one is
   * in the store and the old one still valid; `failed`: as before.
   */
  readonly outcome: "issued" | "renewed" | "kept" | "missing" | "incomplete" | "failed";
  /** RFC 3339. */
  readonly issued?: string;
  /** RFC 3339. */
  readonly expires?: string;
  /** What there is to know or to do. */
  readonly message?: string;
}

/** What is asked for. */
export interface CredentialsAsked {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  /** Names of `list`. @default all for `issue`, all tokens for `rotate` */
  readonly names?: readonly string[];
  /** 1–720. @default the environment's */
  readonly lifetimeHours?: number;
  /** How long an old token stays valid once every consumer holds the new one, seconds, 0–3600. @default 30 */
  readonly graceSeconds?: number;
}

/** 30 s: istiod makes a client of a changed kubeconfig before it ends the one of the old (`PILOT_REMOTE_CLUSTER_TIMEOUT`). */
const GRACE_SECONDS = 30;

/**
 * Makes what is missing or nearly over.
 *
 * @throws CredentialsInvalid listing every fault of what was asked
 */
export async function issueCredentials(
  environment: Environment,
  asked: CredentialsAsked,
): Promise<readonly CredentialResult[]> {
  const inventory = credentialInventory(environment);
  checkAsked(inventory, asked);
  const { names = [] } = asked;
  const selected = names.length === 0 ? inventory : inventory.filter(({ name }) => names.includes(name));
  return work(environment, asked, selected, false);
}

/**
 * Makes anew what is there, wherever it is in its time.
 *
 * @throws CredentialsInvalid listing every fault of what was asked
 */
export async function rotateCredentials(
  environment: Environment,
  asked: CredentialsAsked,
): Promise<readonly CredentialResult[]> {
  const inventory = credentialInventory(environment);
  checkAsked(inventory, asked, (credential) => {
    if (credential.kind === "authority") {
      return "is trusted by all that it signed, which must learn of a new one first: docs/how-to/credentials.md says how";
    }
    return credential.kind === "brought" ? "is brought by the team: put another one into the store" : undefined;
  });
  const { names = [] } = asked;
  const selected = inventory.filter(({ kind, name }) => (names.length === 0 ? kind === "token" : names.includes(name)));
  return work(environment, asked, selected, true);
}

/**
 * What a sandbox needs before its clusters hold anything: all that no cluster is asked for. Elsewhere nothing happens.
 */
export async function prepareSandboxSecrets(
  environment: Environment,
  root: string,
): Promise<readonly CredentialResult[]> {
  if (!environment.sandbox || environment.secretStore?.kind === "external-secrets") return [];
  const selected = credentialInventory(environment).filter(({ kind }) => kind === "authority" || kind === "password");
  return selected.length === 0 ? [] : work(environment, { root }, selected, false);
}

async function work(
  environment: Environment,
  { graceSeconds = GRACE_SECONDS, lifetimeHours = environment.credentials.lifetimeHours, root }: CredentialsAsked,
  selected: readonly Credential[],
  anew: boolean,
): Promise<readonly CredentialResult[]> {
  const store = secretStore(environment, root);
  const clusters = new OpenedClusters(environment, root);
  const settings = { anew, graceSeconds, lifetimeSeconds: lifetimeHours * 3600 };
  try {
    return await Promise.all(
      selected.map(async (credential) => {
        const { kind, name } = credential;
        const of = kind === "token" ? { name, kind, cluster: credential.cluster } : { name, kind };
        try {
          return { ...of, ...(await workOn(environment, credential, store, clusters, settings)) };
        } catch (error) {
          if (!isExpected(error)) throw error;
          return { ...of, outcome: "failed" as const, message: error.message };
        }
      }),
    );
  } finally {
    await clusters.close();
  }
}

type Done = Omit<CredentialResult, "name" | "kind" | "cluster">;

async function workOn(
  environment: Environment,
  credential: Credential,
  store: SecretStore,
  clusters: Clusters,
  settings: { readonly anew: boolean; readonly graceSeconds: number; readonly lifetimeSeconds: number },
): Promise<Done> {
  switch (credential.kind) {
    case "token":
      return keepToken(credential, store, clusters, settings);
    case "authority":
      return issueAuthority(environment.name, credential, store);
    case "password":
      return settings.anew ? rotatePassword(credential, store, clusters) : issuePassword(credential, store);
    case "brought": {
      const entry = await store.get(credential.entry);
      const lacks = credential.properties.filter((property) => entry?.[property] === undefined);
      const message = `is brought by the team: put ${lacks.join(", ")} into ${credential.entry}`;
      return lacks.length === 0 ? { outcome: "kept" } : { outcome: "missing", message };
    }
  }
}

/** Clusters and stores fail; whatever else is thrown is a bug. */
const isExpected = (error: unknown): error is Error =>
  [ClusterUnreachable, RequestRefused, StoreUnavailable, SandboxError].some((kind) => error instanceof kind);

function checkAsked(
  inventory: readonly Credential[],
  { graceSeconds, lifetimeHours, names = [] }: CredentialsAsked,
  refuse: (credential: Credential) => string | undefined = () => undefined,
): void {
  const faults: AskedFault[] = names.flatMap((name) => {
    const credential = inventory.find((candidate) => candidate.name === name);
    const known = inventory.map((candidate) => candidate.name).join(", ") || "none";
    const message = credential ? refuse(credential) : `must be one of ${known}`;
    return message === undefined ? [] : [{ path: "names", value: name, message }];
  });
  const between = (path: string, value: number | undefined, least: number, most: number) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    faults.push({ path, value, message: `must be a whole number of ${least}–${most}` });
  };
  between("--lifetime-hours", lifetimeHours, 1, 720);
  between("--grace-seconds", graceSeconds, 0, 3600);
  if (faults.length > 0) throw new CredentialsInvalid(faults);
}
