/**
 * A certificate of the platform's CA by which one program knows another, for both ends of a connection.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 */
import type { KubeObject } from "./kube-object";
import type { Labels } from "./labels";

/** Who signs, and whether somebody is there to sign. */
export interface Issuer {
  /** ClusterIssuer of cert-manager, DNS label. */
  readonly name: string;
  /** Whether to wait until the certificates are there. */
  readonly awaited: boolean;
}

/** Whose certificate it is. */
export interface TlsCertificate {
  readonly namespace: string;
  /** Of the Certificate, DNS label; its Secret is {@link tlsSecretOf} it. */
  readonly name: string;
  readonly labels: Labels;
  /** DNS names by which its owner is reached, or known; at least one. */
  readonly dnsNames: readonly string[];
  readonly issuer: Issuer;
}

/** Secret with `tls.crt`, `tls.key` and, of who signed it, `ca.crt`. */
export const tlsSecretOf = (name: string) => `${name}-tls`;

/** Ninety days, renewed after sixty, with a new key each time. */
export function tlsCertificate({ dnsNames, issuer, labels, name, namespace }: TlsCertificate): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name,
      namespace,
      labels,
      ...(issuer.awaited ? { annotations: { "pulumi.com/waitFor": "condition=Ready" } } : {}),
    },
    spec: {
      secretName: tlsSecretOf(name),
      dnsNames,
      // cert-manager's own defaults, written out because programs must reread in time
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      privateKey: { algorithm: "ECDSA", encoding: "PKCS8", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth", "client auth"],
      revisionHistoryLimit: 1,
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer.name },
    },
  };
}
