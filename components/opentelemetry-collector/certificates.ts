/**
 * The certificates by which collectors know one another. Each is for both ends: a gateway is asked by agents and asks
 * samplers.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** Who signs, and whether somebody is there to sign. */
export interface Issuer {
  /** ClusterIssuer of cert-manager, DNS label. */
  readonly name: string;
  /** Whether to wait until the certificates are there. */
  readonly awaited: boolean;
}

/** Secret that holds the key and the certificate of a collector. */
export const tlsSecret = (name: string) => `${name}-tls`;

/**
 * The certificate of one collector, for the name of its Service.
 *
 * @param name of the workload, of its Service and of the certificate
 */
export function certificate(namespace: string, name: string, component: string, issuer: Issuer): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name,
      namespace,
      labels: objectLabels("opentelemetry-collector", component),
      ...(issuer.awaited ? { annotations: { "pulumi.com/waitFor": "condition=Ready" } } : {}),
    },
    spec: {
      secretName: tlsSecret(name),
      dnsNames: [`${name}.${namespace}.svc`],
      // 90 days, renewed after 60: cert-manager's own default, written out because collectors must reread in time
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
