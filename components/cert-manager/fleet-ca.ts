/**
 * The CA of a fleet: one key pair for all clusters, so that a certificate of one is trusted by every other. It lives in
 * the secret store; each cluster's issuer signs with it.
 */
import { type SecretReference, storeEntry } from "../secret-reference";

/** Where the CA of an environment lies in the store. */
export const fleetCaEntry = (environment: string) => storeEntry(environment, "ca");

/** The Secret that the platform's issuer reads. */
export function fleetCa(environment: string, namespace: string, name: string): SecretReference {
  const entry = fleetCaEntry(environment);
  return {
    namespace,
    name,
    keys: {
      "tls.crt": { entry, property: "certificate" },
      "tls.key": { entry, property: "key" },
    },
    type: "kubernetes.io/tls",
    origin: "issued",
    why: "the platform's issuer signs with the CA that all clusters of the environment share",
  };
}
