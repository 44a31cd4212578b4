/** The Secret that External Secrets Operator would make of an ExternalSecret, for the fields that the platform uses. */
import type { KubernetesObject, V1Secret } from "@kubernetes/client-node";
import type { StoreEntry } from "./sealed-store";

/** An ExternalSecret, as far as it is read here. */
export interface ExternalSecret extends KubernetesObject {
  readonly spec: {
    readonly target: {
      readonly name: string;
      readonly template?: { readonly type?: string; readonly metadata?: { readonly labels?: Record<string, string> } };
    };
    readonly data: readonly {
      readonly secretKey: string;
      readonly remoteRef: { readonly key: string; readonly property: string };
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
  };
}

/** By which the operator knows its own. */
export const MANAGED_LABEL = "reconcile.external-secrets.io/managed";

/** The Secret, or what the store lacks for it: a sentence. */
export type Made = { readonly secret: V1Secret } | { readonly lacks: string };

/** @param read the entries that the store has, by path */
export function secretOf(
  { apiVersion, kind, metadata, spec }: ExternalSecret,
  read: (entry: string) => StoreEntry | undefined,
): Made {
  const data: Record<string, string> = {};
  for (const { remoteRef, secretKey } of spec.data) {
    const entry = read(remoteRef.key);
    const value = entry?.[remoteRef.property];
    if (value === undefined) {
      const missing = entry ? `${remoteRef.key} has no ${remoteRef.property}` : `there is no ${remoteRef.key}`;
      return { lacks: `${missing} in the store: run \`fleetwright credentials issue\`` };
    }
    data[secretKey] = Buffer.from(value).toString("base64");
  }
  const { name, template } = spec.target;
  const owner = {
    apiVersion: apiVersion ?? "",
    kind: kind ?? "",
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
  };
  return {
    secret: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name,
        namespace: metadata?.namespace,
        labels: { ...template?.metadata?.labels, [MANAGED_LABEL]: "true" },
        ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
      },
      type: template?.type ?? "Opaque",
      data,
    },
  };
}

/** Whether a live Secret is as it should be; what others added to it is theirs. */
export function isAsMade(live: V1Secret | undefined, { data = {}, metadata }: V1Secret): boolean {
  if (!live) return false;
  const owned = live.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.ownerReferences?.[0]?.uid);
  const labels = Object.entries(metadata?.labels ?? {});
  return (
    owned === true &&
    labels.every(([label, value]) => live.metadata?.labels?.[label] === value) &&
    sorted(live.data ?? {}) === sorted(data)
  );
}

const sorted = (data: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(data).sort(([a], [b]) => a.localeCompare(b, "en")));
