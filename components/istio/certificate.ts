/**
 * The CA of one cluster's mesh: an intermediate of the platform's CA, which istiod signs with.
 *
 *     ClusterIssuer platform-ca ──signs──▶ Certificate istio-ca ──▶ Secret cacerts ──mounted──▶ istiod ──signs──▶ proxies
 *
 * istiod takes a Secret as cert-manager writes it: where it finds `tls.crt` it reads `tls.crt`, `tls.key` and `ca.crt`
 * in place of `ca-cert.pem`, `ca-key.pem` and `root-cert.pem`, and the chain is `tls.crt` followed by `ca.crt`. It watches
 * the files: a renewed intermediate of the same root is taken up without a restart.
 *
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/ and `detectSigningCABundleAndCRL` of
 *   istio.io/istio pilot/pkg/bootstrap/istio_ca.go 1.30.3
 */
import type { KubeObject } from "../kube-object";
import { ISTIO_NAMESPACE, istioObject } from "./names";

/** Name of the Secret that istiod mounts. */
export const MESH_CA_SECRET = "cacerts";

/** 90 days: long enough to notice that renewal fails, short enough that an intermediate that leaked ends by itself. */
const DURATION = "2160h0m0s";

/** 30 days: a month in which renewal is tried again before anything stops. Proxies' certificates live 24 hours. */
const RENEW_BEFORE = "720h0m0s";

export interface CertificateArgs {
  /** Name of the environment: `organization` of the subject. */
  readonly environment: string;
  /** Name of the cluster: `organizational unit` of the subject, which makes each intermediate's subject its own. */
  readonly cluster: string;
  /** ClusterIssuer of the platform's CA. */
  readonly issuer: string;
  /** Whether to wait until it is issued. */
  readonly awaited: boolean;
}

/** The intermediate. */
export function certificate({ awaited, cluster, environment, issuer }: CertificateArgs): KubeObject {
  const object = istioObject(
    "cert-manager.io/v1",
    "Certificate",
    { name: "istio-ca", namespace: ISTIO_NAMESPACE, part: "certificate" },
    {
      spec: {
        secretName: MESH_CA_SECRET,
        isCA: true,
        // the cluster stands in the unit: a common name has 64 characters at most (X.520), a cluster's name alone 63
        commonName: "mesh CA",
        subject: { organizations: [environment], organizationalUnits: [cluster] },
        duration: DURATION,
        renewBefore: RENEW_BEFORE,
        // P-256: the only curve that Envoy accepts; a renewed intermediate has a key of its own
        privateKey: { algorithm: "ECDSA", encoding: "PKCS8", size: 256, rotationPolicy: "Always" },
        usages: ["cert sign", "crl sign", "digital signature"],
        revisionHistoryLimit: 3,
        issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
      },
    },
  );
  if (!awaited) return object;
  const annotations = { "pulumi.com/waitFor": "condition=Ready" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
