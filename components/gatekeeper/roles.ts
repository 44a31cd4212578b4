/**
 * What Gatekeeper's ServiceAccount may do: what its two programs were seen to need, and no more. Upstream lets it read
 * every object of the cluster, Secrets included, and make and delete admission policies and mutators.
 */
import type { KubeObject } from "../kube-object";
import type { ReviewedResources } from "./reviewed-resources";

export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ["get", "list", "watch"];

/** Name by which Gatekeeper finds its own webhook configuration: the default of its flag. */
export const WEBHOOK_CONFIGURATION = "gatekeeper-validating-webhook-configuration";

/** Rules of the ClusterRole. */
export function clusterRules(reviewed: readonly ReviewedResources[], templates: readonly KubeObject[]): RoleRule[] {
  return [
    // constraints select by the labels of the object's namespace
    { apiGroups: [""], resources: ["namespaces"], verbs: READ },
    // audit lists what constraints match; a subresource cannot be listed
    ...reviewed.map(({ group, resources }) => ({
      apiGroups: [group],
      resources: resources.filter((resource) => !resource.includes("/")),
      verbs: ["get", "list"],
    })),
    // each template becomes a CustomResourceDefinition
    {
      apiGroups: ["apiextensions.k8s.io"],
      resources: ["customresourcedefinitions"],
      verbs: [...READ, "create", "delete", "patch", "update"],
    },
    // stored objects are written again once in the newest version; results are written to the status
    { apiGroups: ["templates.gatekeeper.sh"], resources: ["constrainttemplates"], verbs: [...READ, "update"] },
    {
      apiGroups: ["templates.gatekeeper.sh"],
      resources: ["constrainttemplates/status"],
      verbs: ["get", "patch", "update"],
    },
    // owner of the CustomResourceDefinitions, where OwnerReferencesPermissionEnforcement is on
    { apiGroups: ["templates.gatekeeper.sh"], resources: ["constrainttemplates/finalizers"], verbs: ["update"] },
    { apiGroups: ["constraints.gatekeeper.sh"], resources: ["*"], verbs: [...READ, "patch", "update"] },
    { apiGroups: ["config.gatekeeper.sh"], resources: ["configs"], verbs: READ },
    { apiGroups: ["config.gatekeeper.sh"], resources: ["configs/status"], verbs: ["get", "patch", "update"] },
    {
      apiGroups: ["status.gatekeeper.sh"],
      resources: ["*"],
      verbs: [...READ, "create", "delete", "patch", "update"],
    },
    // watched although nothing uses them here
    { apiGroups: ["connection.gatekeeper.sh"], resources: ["connections"], verbs: READ },
    { apiGroups: ["externaldata.gatekeeper.sh"], resources: ["providers"], verbs: READ },
    { apiGroups: ["syncset.gatekeeper.sh"], resources: ["syncsets"], verbs: READ },
    // the rotated CA is written into its own webhook configuration
    {
      apiGroups: ["admissionregistration.k8s.io"],
      resources: ["validatingwebhookconfigurations"],
      verbs: READ,
    },
    {
      apiGroups: ["admissionregistration.k8s.io"],
      resources: ["validatingwebhookconfigurations"],
      resourceNames: [WEBHOOK_CONFIGURATION],
      verbs: ["patch", "update"],
    },
    {
      apiGroups: ["admissionregistration.k8s.io"],
      resources: ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
      verbs: READ,
    },
    ...generatedPolicies(templates),
  ];
}

/** It deletes the admission policy of a template that has one; it may not touch those that others made. */
function generatedPolicies(templates: readonly KubeObject[]): RoleRule[] {
  const resourceNames = templates.map(({ metadata }) => `gatekeeper-${metadata.name}`).sort();
  if (resourceNames.length === 0) return []; // a rule without names would mean all
  return [
    {
      apiGroups: ["admissionregistration.k8s.io"],
      resources: ["validatingadmissionpolicies"],
      resourceNames,
      verbs: ["delete"],
    },
  ];
}

/** Rules of the Role in its own namespace. */
export const NAMESPACE_RULES: readonly RoleRule[] = [
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  // the certificate that it makes and rotates; the Secret itself is ours, so it need not create or delete one
  { apiGroups: [""], resources: ["secrets"], verbs: [...READ, "update"] },
  // owner of its status objects
  { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
];
