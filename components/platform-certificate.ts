/**
 * A certificate of the platform's CA for one program, good for both ends of a connection.
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

export interface PlatformCertificateArgs {
  /** DNS label. */
  readonly namespace: string;
  /** Name of the certificate; its Secret is {@link tlsSecret} of it. */
  readonly name: string;
  /** Labels of the object. */
  readonly labels: Labels;
  /** Names that it is good for, at least one. */
  readonly dnsNames: readonly string[];
  readonly issuer: Issuer;
}

/** Secret that holds the key (`tls.key`), the certificate (`tls.crt`) and the CA (`ca.crt`) of a program. */
export const tlsSecret = (name: string) => `${name}-tls`;

/** The certificate, and by it the Secret that pods mount. */
export function platformCertificate({
  dnsNames,
  issuer,
  labels,
  name,
  namespace,
}: PlatformCertificateArgs): KubeObject {
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
      secretName: tlsSecret(name),
      dnsNames,
      // 90 days, renewed after 60: cert-manager's own default, written out because programs must reread in time
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      privateKey: { algorithm: "ECDSA", encoding: "PKCS8", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth", "client auth"],
      // what was trusted before is of no use for a leaf
      revisionHistoryLimit: 1,
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer.name },
    },
  };
}
