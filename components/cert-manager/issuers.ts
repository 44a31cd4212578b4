/**
 * The platform's own certificate authority of one cluster.
 *
 *     platform-bootstrap (self-signed) ──signs──▶ Certificate platform-ca ──▶ Secret platform-ca ──▶ ClusterIssuer platform-ca
 *                                                                            ▲
 *                       or: the fleet's CA, brought by whoever keeps secrets ┘
 *
 * Intermediates for the mesh and certificates of the platform's programs are asked of ClusterIssuer `platform-ca`.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** Issuer of everything that the platform's CA signs. */
export const PLATFORM_ISSUER = "platform-ca";

const BOOTSTRAP_ISSUER = "platform-bootstrap";
const CA_SECRET = "platform-ca";

/** Five years: renewing the CA means handing its new certificate to all who trust it, which is to be rare and yet practised. */
const CA_DURATION = "43800h0m0s";

/** One year before the end: an intermediate of up to a year, asked for on the last day, ends before its CA does. */
const CA_RENEW_BEFORE = "8760h0m0s";

export interface IssuerArgs {
  /** Namespace of the Secrets that ClusterIssuers read: the controller's `--cluster-resource-namespace`. */
  readonly namespace: string;
  /** Name of the environment: half of the CA's subject, so that certificates tell where they come from. */
  readonly environment: string;
  /** Name of the cluster: the other half. */
  readonly cluster: string;
  /** Secret with the fleet's CA. @default none: the cluster makes its own */
  readonly caSecretName?: string;
  /** Whether to wait until the CA and its issuer are ready. */
  readonly awaited: boolean;
}

/** The issuers, and the CA certificate where the cluster makes its own. */
export function issuers({ awaited, caSecretName, cluster, environment, namespace }: IssuerArgs): KubeObject[] {
  const annotations = awaited ? { annotations: { "pulumi.com/waitFor": "condition=Ready" } } : {};
  const object = (kind: string, name: string, spec: object, inNamespace?: string): KubeObject => ({
    apiVersion: "cert-manager.io/v1",
    kind,
    metadata: {
      name,
      ...(inNamespace ? { namespace: inNamespace } : {}),
      labels: objectLabels("cert-manager", "issuers"),
      ...annotations,
    },
    spec,
  });
  const issuer = object("ClusterIssuer", PLATFORM_ISSUER, { ca: { secretName: caSecretName ?? CA_SECRET } });
  if (caSecretName !== undefined) return [issuer];
  const ca = {
    secretName: CA_SECRET,
    isCA: true,
    commonName: "platform CA",
    subject: { organizations: [environment], organizationalUnits: [cluster] },
    duration: CA_DURATION,
    renewBefore: CA_RENEW_BEFORE,
    privateKey: {
      algorithm: "ECDSA",
      encoding: "PKCS8",
      // P-384 for what lives for years; leaves take P-256, the algorithm's default size
      size: 384,
      // a renewed CA keeps its key, so what it signed before stays trusted; a new key is a change to be planned
      rotationPolicy: "Never",
    },
    usages: ["cert sign", "crl sign", "digital signature"],
    // the last three, to see what was trusted before
    revisionHistoryLimit: 3,
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: BOOTSTRAP_ISSUER },
  };
  return [
    object("ClusterIssuer", BOOTSTRAP_ISSUER, { selfSigned: {} }),
    object("Certificate", "platform-ca", ca, namespace),
    issuer,
  ];
}
