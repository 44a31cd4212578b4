/**
 * The webhooks that check and complete cert-manager's own objects. They fail closed, and match nothing but its groups.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { WEBHOOK_CA, WEBHOOK_SERVICE } from "./programs";

/** Seconds until the API server gives up. Upstream's 30 would leave whoever waits without an answer for so long. */
const TIMEOUT_SECONDS = 10;

/** Both webhook configurations; their CA is written by cainjector, from the Secret that the annotation names. */
export function admission(namespace: string): KubeObject[] {
  const configuration = (kind: string, path: string, webhook: object): KubeObject => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: {
      name: WEBHOOK_SERVICE,
      labels: objectLabels("cert-manager", "webhook"),
      annotations: { "cert-manager.io/inject-ca-from-secret": `${namespace}/${WEBHOOK_CA}` },
    },
    webhooks: [
      {
        name: "webhook.cert-manager.io",
        admissionReviewVersions: ["v1"],
        clientConfig: { service: { name: WEBHOOK_SERVICE, namespace, path, port: 443 } },
        failurePolicy: "Fail",
        // objects of another version are converted and asked about, too
        matchPolicy: "Equivalent",
        sideEffects: "None",
        timeoutSeconds: TIMEOUT_SECONDS,
        ...webhook,
      },
    ],
  });
  return [
    // writes into a request who made it, which nobody may change later
    configuration("MutatingWebhookConfiguration", "/mutate", {
      rules: [
        {
          apiGroups: ["cert-manager.io"],
          apiVersions: ["v1"],
          operations: ["CREATE"],
          resources: ["certificaterequests"],
          scope: "*",
        },
      ],
    }),
    configuration("ValidatingWebhookConfiguration", "/validate", {
      // upstream's own way out for namespaces that must take objects unchecked
      namespaceSelector: {
        matchExpressions: [{ key: "cert-manager.io/disable-validation", operator: "NotIn", values: ["true"] }],
      },
      rules: [
        {
          apiGroups: ["cert-manager.io", "acme.cert-manager.io"],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE"],
          resources: ["*/*"],
          scope: "*",
        },
      ],
    }),
  ];
}
