/** The fleet's CA in the secret store: lost on purpose, and whether every cluster goes by the one of now. */
import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { credentialInventory } from "../../stacks/credential-inventory";
import type { Environment } from "../../stacks/environment";
import type { LiveCluster } from "../../stacks/live-cluster";
import { secretStore } from "../credentials/secret-store";
import type { Finding } from "./report";

/** Longest wait until what the CA of before signed is signed anew. */
const LONGEST_MS = 60_000;

interface Certificates {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: { readonly secretName: string; readonly issuerRef: { readonly name: string } };
  }[];
}

const entryOf = (environment: Environment) =>
  credentialInventory(environment).find(({ kind }) => kind === "authority")?.entry;

/** Whether there is a CA to lose. */
export const hasAuthority = (environment: Environment) => entryOf(environment) !== undefined;

/** Deletes it from the store. @returns its certificate, PEM */
export async function loseAuthority(environment: Environment, root: string): Promise<string> {
  const store = secretStore(environment, root);
  const entry = entryOf(environment) ?? "";
  const { certificate = "" } = (await store.get(entry)) ?? {};
  await store.delete(entry);
  return certificate;
}

/** Whether a cluster's certificates are signed by the CA that the store has now, and it is another one than before. */
export async function signedAnew(
  environment: Environment,
  root: string,
  { cluster, live, before }: { readonly cluster: string; readonly live: LiveCluster; readonly before: string },
): Promise<Finding> {
  const name = `certificates of ${cluster}`;
  const { certificate = "" } = (await secretStore(environment, root).get(entryOf(environment) ?? "")) ?? {};
  if (certificate === "" || certificate === before)
    return { name, ok: false, message: "the store has no other CA than before" };
  const authority = new X509Certificate(certificate);
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    const { behind, count } = await stragglers(live, authority);
    if (behind.length === 0 && count > 0)
      return {
        name,
        ok: true,
        message: `${count} are signed by the CA of now, ${authority.fingerprint256.slice(0, 23)}…`,
      };
    if (Date.now() > deadline) {
      const message =
        count === 0
          ? "there are none, so nothing was signed anew"
          : `not signed by the CA of now: ${behind.join(", ")}`;
      return { name, ok: false, message };
    }
    await sleep(1000);
  }
}

/** Certificates that the fleet's issuer gives, and those of them that the CA did not sign. */
async function stragglers(live: LiveCluster, authority: X509Certificate) {
  const all = await live.get<Certificates>("/apis/cert-manager.io/v1/certificates");
  const ours = (all?.items ?? []).filter(({ spec }) => spec.issuerRef.name === "platform-ca");
  const behind = await Promise.all(
    ours.map(async ({ metadata, spec }) => {
      const secret = await live.get<{ data?: Record<string, string> }>(
        `/api/v1/namespaces/${metadata.namespace}/secrets/${spec.secretName}`,
      );
      const pem = Buffer.from(secret?.data?.["tls.crt"] ?? "", "base64").toString("utf8");
      const signed = pem !== "" && new X509Certificate(pem).verify(authority.publicKey);
      return signed ? [] : [`${metadata.namespace}/${metadata.name}`];
    }),
  );
  return { behind: behind.flat(), count: ours.length };
}
