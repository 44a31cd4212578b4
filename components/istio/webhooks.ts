/**
 * The webhooks of one revision: one puts the proxy into pods of the mesh's namespaces, two check Istio's own objects.
 *
 * All fail closed. Pods of namespaces outside of the mesh, and every kind of object but Istio's own, never wait for
 * istiod; neither does istiod itself, nor a gateway.
 */
import type { KubeObject } from "../kube-object";
import { NAMESPACE_NAME_LABEL } from "../labels";
import {
  GATEWAY_NAMESPACES,
  ISTIO_GROUPS,
  ISTIO_NAMESPACE,
  istioObject,
  NODE_AGENT_NAMESPACE,
  REVISION_LABEL,
  revisioned,
} from "./names";

/** Seconds until the API server gives up: the API's own default. */
const TIMEOUT_SECONDS = 10;

/** Namespaces in which no pod is ever injected, whatever their labels say: what must come up while istiod is down. */
export const NEVER_INJECTED: readonly string[] = [
  ISTIO_NAMESPACE,
  NODE_AGENT_NAMESPACE,
  ...Object.values(GATEWAY_NAMESPACES),
  "kube-node-lease",
  "kube-public",
  "kube-system",
].sort();

/** Name of the injector's configuration. */
export const injectorName = (revision: string) => revisioned("istio-sidecar-injector", revision);

/** Names of the checks' configurations: of objects that name this revision, and of those that name none. */
export const validatorNames = (revision: string) => [
  `${revisioned("istio-validator", revision)}-${ISTIO_NAMESPACE}`,
  "istiod-default-validator",
];

/** The configurations. istiod writes their CA. */
export function webhooks(revision: string): KubeObject[] {
  const configuration = (kind: string, name: string, webhook: object): KubeObject =>
    istioObject(
      "admissionregistration.k8s.io/v1",
      kind,
      // istiod finds what it has to complete by this label
      { name, part: "webhooks", labels: { [REVISION_LABEL]: revision } },
      {
        webhooks: [
          {
            admissionReviewVersions: ["v1"],
            failurePolicy: "Fail",
            matchPolicy: "Equivalent",
            sideEffects: "None",
            timeoutSeconds: TIMEOUT_SECONDS,
            ...webhook,
          },
        ],
      },
    );
  const service = (path: string) => ({
    service: { name: revisioned("istiod", revision), namespace: ISTIO_NAMESPACE, path, port: 443 },
  });
  const [ofRevision = "", ofNone = ""] = validatorNames(revision);
  const isOfRevision = { key: REVISION_LABEL, operator: "In", values: [revision] };
  const check = { clientConfig: service("/validate"), rules: CHECKED };
  return [
    configuration("MutatingWebhookConfiguration", injectorName(revision), {
      name: "rev.namespace.sidecar-injector.istio.io",
      clientConfig: service("/inject"),
      namespaceSelector: {
        matchExpressions: [
          isOfRevision,
          // whoever says so by the older label, for or against, is not ours
          { key: "istio-injection", operator: "DoesNotExist" },
          { key: NAMESPACE_NAME_LABEL, operator: "NotIn", values: NEVER_INJECTED },
        ],
      },
      objectSelector: {
        matchExpressions: [{ key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] }],
      },
      reinvocationPolicy: "Never",
      rules: [
        { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"], scope: "Namespaced" },
      ],
    }),
    configuration("ValidatingWebhookConfiguration", ofRevision, {
      name: "rev.validation.istio.io",
      ...check,
      objectSelector: { matchExpressions: [isOfRevision] },
    }),
    configuration("ValidatingWebhookConfiguration", ofNone, {
      name: "validation.istio.io",
      ...check,
      // what names a revision is checked by that revision
      objectSelector: { matchExpressions: [{ key: REVISION_LABEL, operator: "DoesNotExist" }] },
    }),
  ];
}

/** Istio's own objects, wherever they are: a wrong one in {@link ISTIO_NAMESPACE} holds for the whole mesh. */
const CHECKED = [
  {
    apiGroups: ISTIO_GROUPS,
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["*"],
    scope: "*",
  },
];
