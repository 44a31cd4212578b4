/**
 * A reference as an object: the operator of the cluster reads the store and keeps the Secret.
 *
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels, requireDnsLabel } from "../labels";
import type { SecretReference } from "../secret-reference";

/**
 * How often the operator reads the store again by itself. `fleetwright credentials` asks it to read at once; this bounds
 * how long a value that somebody else changed stays unknown, at six reads an hour for each Secret.
 */
const REFRESH_INTERVAL = "10m";

/** Labels of a Secret's own, by which it is known whose it is. */
const RESERVED_LABEL = "app.kubernetes.io/managed-by";

/**
 * @param store name of the ClusterSecretStore
 * @throws Error naming the field, its value and the bound
 */
export function externalSecret(reference: SecretReference, store: string): KubeObject {
  check(reference);
  const { keys, labels, name, namespace, type = "Opaque", why } = reference;
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: {
      name,
      namespace,
      labels: objectLabels("external-secrets"),
      annotations: { "fleetwright.dev/why": why },
    },
    spec: {
      refreshInterval: REFRESH_INTERVAL,
      secretStoreRef: { kind: "ClusterSecretStore", name: store },
      target: {
        name,
        creationPolicy: "Owner",
        // an entry that is gone from the store takes nothing from those who work with it
        deletionPolicy: "Retain",
        template: { type, ...(labels ? { metadata: { labels } } : {}) },
      },
      data: Object.entries(keys).map(([secretKey, { entry, property }]) => ({
        secretKey,
        remoteRef: { key: entry, property },
      })),
    },
  };
}

function check({ keys, labels, name, namespace, why }: SecretReference): void {
  requireDnsLabel("external-secrets", "namespace", namespace);
  if (!/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(name)) {
    throw new Error(`external-secrets: name is "${name}", must be a DNS name of at most 253 characters (RFC 1123)`);
  }
  const whose = `external-secrets: ${namespace}/${name}`;
  const entries = Object.entries(keys);
  if (entries.length === 0) throw new Error(`${whose}: keys is empty, must name at least one key of the Secret`);
  for (const [key, { entry, property }] of entries) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw new Error(`${whose}: keys has "${key}", must be letters, digits, '-', '_' and '.', at most 253`);
    }
    if (!/^fleetwright(\/[a-z0-9]([-a-z0-9]*[a-z0-9])?){2,}$/.test(entry)) {
      throw new Error(`${whose}: keys.${key}.entry is "${entry}", must be fleetwright/<environment>/<name>`);
    }
    if (!/^[-_a-zA-Z0-9]+$/.test(property)) {
      throw new Error(`${whose}: keys.${key}.property is "${property}", must be letters, digits, '-' and '_'`);
    }
  }
  if (why.trim() === "") throw new Error(`${whose}: why is empty, must say what the Secret is for`);
  if (labels && RESERVED_LABEL in labels) {
    throw new Error(`${whose}: labels has ${RESERVED_LABEL}, which is the operator's own, must leave it out`);
  }
}
