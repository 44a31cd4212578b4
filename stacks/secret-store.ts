/** Which store the Secrets of an environment come from. */
import type { ExternalSecretsArgs } from "../components/external-secrets";
import type { Environment } from "./environment";

/** The store as the clusters' objects name it; undefined where whoever keeps secrets brings them. */
export function secretStoreOf({
  sandbox,
  secretStore,
}: Pick<Environment, "sandbox" | "secretStore">): ExternalSecretsArgs["store"] {
  if (secretStore?.kind === "external-secrets") return { kind: "external-secrets", name: secretStore.name ?? "" };
  return sandbox ? { kind: "sandbox" } : undefined;
}
