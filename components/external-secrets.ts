/**
 * External Secrets: what the other components must not say comes from a secret store. Every reference of a cluster
 * becomes an ExternalSecret; the operator that reads the store and keeps the Secrets is the team's own.
 *
 *     references of all components ──▶ ExternalSecret ──▶ operator ──▶ Secret
 *                                                           │ ClusterSecretStore (the team's)
 *                                                           ▼
 *                                                       secret store ◀── fleetwright credentials
 *
 * In the sandbox the operator is played by the sandbox itself, and the kind is made known here.
 *
 * @see https://external-secrets.io
 */
import { App, Chart } from "cdk8s";
import { externalSecret } from "./external-secrets/external-secret";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import type { SecretReference } from "./secret-reference";
import { upstreamObjects } from "./upstream";

export interface ExternalSecretsArgs {
  /**
   * Where the references lead: a ClusterSecretStore that the team made for its operator, by name, or the sandbox's own
   * store. @default none: whoever keeps secrets brings every Secret by the name that the component's page says
   */
  readonly store?: { readonly kind: "external-secrets"; readonly name: string } | { readonly kind: "sandbox" };
  /** The Secrets of this cluster that live in the store, each by its own namespace and name. */
  readonly references: readonly SecretReference[];
}

/** Name of the store in the sandbox; the sandbox's operator knows one only. */
const SANDBOX_STORE = "sandbox";

/**
 * The references of one cluster as objects.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class ExternalSecretsChart extends Chart {
  constructor({ references, store }: ExternalSecretsArgs) {
    super(new App(), "external-secrets", { disableResourceNameHashes: true });
    checkDistinct(references);
    if (!store || references.length === 0) return;
    const name = store.kind === "sandbox" ? SANDBOX_STORE : store.name;
    requireDnsLabel("external-secrets", "store.name", name);
    const objects = [
      ...(store.kind === "sandbox" ? upstreamObjects("external-secrets").map(bare) : []),
      ...references.map((reference) => externalSecret(reference, name)),
    ];
    for (const object of objects) {
      new Manifest(this, [object.metadata.namespace, object.metadata.name].filter(Boolean).join("-"), object);
    }
  }
}

/** All of it. */
export function externalSecretsPart(args: ExternalSecretsArgs): Part {
  return {
    name: "external-secrets",
    namespaces: [],
    flows: [],
    objects: objectsOf(new ExternalSecretsChart(args)),
  };
}

const bare = (definition: KubeObject): KubeObject =>
  withLabels(withoutDescriptions(definition), objectLabels("external-secrets"));

/** @throws Error when two references are one Secret */
function checkDistinct(references: readonly SecretReference[]): void {
  const seen = new Set<string>();
  for (const { name, namespace } of references) {
    const key = `${namespace}/${name}`;
    if (seen.has(key)) {
      throw new Error(`external-secrets: two components refer to Secret ${key}, a Secret must have one owner`);
    }
    seen.add(key);
  }
}
