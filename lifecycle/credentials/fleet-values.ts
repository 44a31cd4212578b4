/** What no cluster is asked for: the CA that all share, and random values. */
import { randomBytes, X509Certificate } from "node:crypto";
import type { Authority, Password } from "../../stacks/credential-inventory";
import { newCertificateAuthority } from "./certificate-authority";
import type { Clusters } from "./clusters";
import { handOver } from "./consumers";
import type { SecretStore, StoreEntry } from "./secret-store";

interface FleetValue {
  readonly outcome: "issued" | "renewed" | "kept" | "incomplete";
  readonly issued?: string;
  readonly expires?: string;
  readonly message?: string;
}

/** 256 bits, as text that every program takes. */
const randomValue = () => randomBytes(32).toString("base64url");

/** Makes the CA where the store has none; one that is there is never replaced. */
export async function issueAuthority(
  environment: string,
  { entry }: Authority,
  store: SecretStore,
): Promise<FleetValue> {
  const before = await store.get(entry);
  if (before?.certificate && before.key) return { outcome: "kept", ...timesOf(before) };
  const made = { ...newCertificateAuthority(environment) };
  await store.put(entry, made);
  return { outcome: "issued", ...timesOf(made) };
}

/** Makes each value that the store does not have. */
export async function issuePassword({ entry, properties }: Password, store: SecretStore): Promise<FleetValue> {
  const before = await store.get(entry);
  const missing = properties.filter((property) => !before?.[property]);
  if (missing.length === 0) return { outcome: "kept", ...timesOf(before) };
  const made = Object.fromEntries(missing.map((property) => [property, randomValue()]));
  const contents = { ...before, ...made, issued: new Date().toISOString() };
  await store.put(entry, contents);
  return { outcome: "issued", ...timesOf(contents) };
}

/** Replaces every value. Who knows the old one knows it for ever, so there is nothing to let go but what uses it. */
export async function rotatePassword(
  { consumers, entry, properties }: Password,
  store: SecretStore,
  clusters: Clusters,
): Promise<FleetValue> {
  const made = Object.fromEntries(properties.map((property) => [property, randomValue()]));
  const contents = { ...(await store.get(entry)), ...made, issued: new Date().toISOString() };
  await store.put(entry, contents);
  const behind = await handOver(clusters, consumers, contents);
  const restart = "programs that read it at their start know the old one until they are restarted";
  return behind.length === 0
    ? { outcome: "renewed", ...timesOf(contents), message: restart }
    : { outcome: "incomplete", ...timesOf(contents), message: `${behind.join(", ")} does not hold the new one yet` };
}

/** When a value was made and when it ends, as far as is known. */
export function timesOf(entry: StoreEntry | undefined): { readonly issued?: string; readonly expires?: string } {
  if (entry?.certificate) {
    const { validFrom, validTo } = new X509Certificate(entry.certificate);
    return { issued: new Date(validFrom).toISOString(), expires: new Date(validTo).toISOString() };
  }
  const { expires, issued } = entry ?? {};
  return { ...(issued ? { issued } : {}), ...(expires ? { expires } : {}) };
}
