/**
 * What is changed about each of upstream's objects, and why. docs/components/gatekeeper.md lists the same.
 */
import type { KubeObject } from "../kube-object";
import { NAMESPACE_NAME_LABEL } from "../labels";
import { leftOut, type Overlay } from "../overlay";
import { auditProgram, type ProgramSettings, webhookProgram } from "./programs";
import type { ReviewedResources } from "./reviewed-resources";
import { clusterRules, NAMESPACE_RULES, WEBHOOK_CONFIGURATION } from "./roles";

/** What the overlays depend on. */
export interface OverlaySettings extends ProgramSettings {
  readonly replicas: number;
  readonly auditIntervalSeconds: number;
  /** Namespaces in which nothing is judged, sorted. */
  readonly exemptNamespaces: readonly string[];
  /** What becomes of a request while the webhook does not answer. */
  readonly failurePolicy: "Fail" | "Ignore";
  readonly reviewed: readonly ReviewedResources[];
  readonly templates: readonly KubeObject[];
}

/** Kinds of features that are off; each is one of upstream's CustomResourceDefinitions, without `.gatekeeper.sh`. */
const UNUSED_DEFINITIONS = [
  "assign.mutations",
  "assignimage.mutations",
  "assignmetadata.mutations",
  "expansiontemplate.expansion",
  "expansiontemplatepodstatuses.status",
  "modifyset.mutations",
  "mutatorpodstatuses.status",
];

/** Overlays by `Kind/name` of upstream's object. */
export function gatekeeperOverlays(settings: OverlaySettings): Readonly<Record<string, Overlay>> {
  return {
    // namespaces carry Pod Security and owner labels that only the cluster base knows
    "Namespace/gatekeeper-system": leftOut,
    // there are no mutators, and a webhook is something that every request must pass
    "MutatingWebhookConfiguration/gatekeeper-mutating-webhook-configuration": leftOut,
    ...Object.fromEntries(
      UNUSED_DEFINITIONS.map((name) => [`CustomResourceDefinition/${name}.gatekeeper.sh`, leftOut]),
    ),
    "Role/gatekeeper-manager-role": (role) => ({ ...role, rules: NAMESPACE_RULES }),
    "ClusterRole/gatekeeper-manager-role": (role) => ({
      ...role,
      rules: clusterRules(settings.reviewed, settings.templates),
    }),
    "Deployment/gatekeeper-controller-manager": (deployment) => webhookProgram(deployment, settings, settings.replicas),
    "Deployment/gatekeeper-audit": (deployment) => auditProgram(deployment, settings, settings.auditIntervalSeconds),
    "PodDisruptionBudget/gatekeeper-controller-manager": oneAtATime,
    [`ValidatingWebhookConfiguration/${WEBHOOK_CONFIGURATION}`]: (configuration) => admission(configuration, settings),
  };
}

/** Upstream's `minAvailable: 1` lets two of three be away at once. */
const oneAtATime: Overlay = (budget) => {
  const { selector } = budget.spec as { readonly selector: object };
  return { ...budget, spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector } };
};

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly caBundle?: string; readonly service?: object };
}

/**
 * An object on its way out is not judged: whoever takes a finalizer off changes it, and one that a newer rule or another
 * parameter refuses, or that goes while Gatekeeper is away, would never be gone. Nobody can set this field by hand: the
 * API server does, at a delete. Kubernetes 1.30 and newer evaluate it.
 */
const NOT_BEING_DELETED = { name: "not-being-deleted", expression: "!has(object.metadata.deletionTimestamp)" };

/**
 * One webhook for exactly what constraints match; it fails closed, unless the cluster is being rebuilt.
 *
 * Upstream's second webhook, which guards the label `admission.gatekeeper.sh/ignore` on namespaces, is left out
 * together with that label: it fails closed on every Namespace, so that none could be made or changed, and no cluster
 * rebuilt, while Gatekeeper is down. Exemptions are a list that is reviewed, not a label that whoever may change a
 * namespace can set.
 */
function admission(configuration: KubeObject, settings: OverlaySettings): KubeObject | undefined {
  const { exemptNamespaces, failurePolicy, reviewed } = settings;
  if (reviewed.length === 0) return undefined; // nothing to ask
  const found = (configuration.webhooks as readonly Webhook[]).find(({ name }) => name === "validation.gatekeeper.sh");
  if (found === undefined) {
    throw new Error("gatekeeper: upstream has no webhook validation.gatekeeper.sh: compare it with the new version");
  }
  // Gatekeeper writes the CA that it rotates: a value of ours would undo that at every update
  const { caBundle: _, ...clientConfig } = found.clientConfig;
  const webhook = {
    ...found,
    clientConfig,
    failurePolicy,
    matchConditions: [NOT_BEING_DELETED],
    namespaceSelector: {
      matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: "NotIn", values: exemptNamespaces }],
    },
    rules: reviewed.map(({ group, resources }) => ({
      apiGroups: [group],
      apiVersions: ["*"],
      operations: ["CREATE", "UPDATE"],
      resources,
      scope: "*",
    })),
    // upstream's own: two such waits still fit into the API server's shortest request timeouts
    timeoutSeconds: 3,
  };
  return { ...configuration, webhooks: [webhook] };
}
