/**
 * The webhooks that complete and check the kinds on offer. They fail closed: an experiment that nobody checked does not
 * start. Nothing else ever waits for them: they match single kinds of one API group, none that a controller writes, and
 * only what is made or changed, so that deleting is always possible. The controller takes its finalizers off by
 * changes, and answers for itself.
 */

import { CHAOS_GROUP, CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { KubeObject } from "../kube-object";
import { WEBHOOK_CERTIFICATE } from "./certificates";
import { COMPOSED_KINDS, FAULT_KINDS } from "./definitions";
import { pluralOf } from "./definitions/definition";
import { chaosMeshObject, WEBHOOK_SERVICE } from "./names";

/** Seconds until the API server gives up: upstream's own. */
const TIMEOUT_SECONDS = 5;

/** Kinds that somebody may ask for; each has a webhook of its name. */
const CHECKED = [...FAULT_KINDS, ...COMPOSED_KINDS];

/** What the controller calls its webhooks: its kinds in lower case. */
export const WEBHOOK_NAMES: readonly string[] = CHECKED.map(({ kind }) => kind.toLowerCase());

export function webhooks(): KubeObject[] {
  const webhook = (name: string, path: string, resources: readonly string[]) => ({
    name: `${name}.${CHAOS_GROUP}`,
    admissionReviewVersions: ["v1"],
    clientConfig: { service: { name: WEBHOOK_SERVICE, namespace: CHAOS_MESH_NAMESPACE, path, port: 443 } },
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    rules: [
      {
        apiGroups: [CHAOS_GROUP],
        apiVersions: ["v1alpha1"],
        operations: ["CREATE", "UPDATE"],
        resources,
        scope: "Namespaced",
      },
    ],
    sideEffects: "None",
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const ofEachKind = (verb: string) =>
    CHECKED.map((defined) => {
      const name = defined.kind.toLowerCase();
      return webhook(`${verb}-${name}`, `/${verb}-chaos-mesh-org-v1alpha1-${name}`, [pluralOf(defined)]);
    });
  const configuration = (kind: string, name: string, all: readonly object[]) =>
    chaosMeshObject(
      "admissionregistration.k8s.io/v1",
      kind,
      {
        name,
        part: "webhooks",
        annotations: { "cert-manager.io/inject-ca-from": `${CHAOS_MESH_NAMESPACE}/${WEBHOOK_CERTIFICATE}` },
      },
      { webhooks: all },
    );
  // whoever asks for a fault must be allowed to make one in each namespace that it would reach
  const authorization = webhook("authorize", "/validate-auth", CHECKED.map(pluralOf));
  return [
    configuration("MutatingWebhookConfiguration", "chaos-mesh-mutation", ofEachKind("mutate")),
    configuration("ValidatingWebhookConfiguration", "chaos-mesh-validation", ofEachKind("validate")),
    configuration("ValidatingWebhookConfiguration", "chaos-mesh-authorization", [authorization]),
  ];
}
