/**
 * The webhook that checks NodeHealthChecks: it refuses a change of what is being remediated. It fails closed, and
 * matches nothing but that kind. Its certificate is of the platform's CA, which cainjector writes into it.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** Who signs, and whether somebody is there to sign. */
export interface Issuer {
  /** ClusterIssuer of cert-manager, DNS label. */
  readonly name: string;
  /** Whether to wait until the certificate is there. */
  readonly awaited: boolean;
}

/** Name of the Deployment, its Service and its ServiceAccount: the operator looks itself up by it. */
export const MANAGER = "node-healthcheck-controller-manager";

/** Secret with the key and the certificate of the webhook. */
export const WEBHOOK_TLS = `${MANAGER}-tls`;

/** Seconds until the API server gives up. */
const TIMEOUT_SECONDS = 10;

/** The certificate of the webhook, for the name of its Service. */
export function certificate(namespace: string, issuer: Issuer): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name: MANAGER,
      namespace,
      labels: objectLabels("node-health-check"),
      ...(issuer.awaited ? { annotations: { "pulumi.com/waitFor": "condition=Ready" } } : {}),
    },
    spec: {
      secretName: WEBHOOK_TLS,
      dnsNames: [`${MANAGER}.${namespace}.svc`],
      // 90 days, renewed after 60: cert-manager's own default; the operator rereads the files
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      privateKey: { algorithm: "ECDSA", encoding: "PKCS8", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth"],
      revisionHistoryLimit: 1,
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer.name },
    },
  };
}

/** The webhook configuration. */
export function admission(namespace: string): KubeObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: {
      name: "node-health-check",
      labels: objectLabels("node-health-check"),
      annotations: { "cert-manager.io/inject-ca-from": `${namespace}/${MANAGER}` },
    },
    webhooks: [
      {
        name: "vnodehealthcheck.kb.io",
        admissionReviewVersions: ["v1"],
        clientConfig: {
          service: {
            name: MANAGER,
            namespace,
            path: "/validate-remediation-medik8s-io-v1alpha1-nodehealthcheck",
            port: 443,
          },
        },
        failurePolicy: "Fail",
        matchPolicy: "Equivalent",
        sideEffects: "None",
        timeoutSeconds: TIMEOUT_SECONDS,
        rules: [
          {
            apiGroups: ["remediation.medik8s.io"],
            apiVersions: ["v1alpha1"],
            operations: ["CREATE", "UPDATE", "DELETE"],
            resources: ["nodehealthchecks"],
            scope: "Cluster",
          },
        ],
      },
    ],
  };
}
