/** The kinds that every API server has, as webhooks and selectors name them. Kinds of definitions are read from the set. */

/** A kind as the API server names it. */
export interface ApiKind {
  readonly group: string;
  readonly kind: string;
  /** Plural name in paths and rules: `endpointslices`. */
  readonly resource: string;
  readonly isNamespaced: boolean;
}

/** By group: kinds in namespaces, then those of the cluster. */
const KINDS: Readonly<Record<string, readonly [namespaced: string, ofTheCluster: string]>> = {
  "": [
    "Binding ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    "ComponentStatus Namespace Node PersistentVolume",
  ],
  "admissionregistration.k8s.io": [
    "",
    "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["", "CustomResourceDefinition"],
  "apiregistration.k8s.io": ["", "APIService"],
  apps: ["ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""],
  "authentication.k8s.io": ["", "SelfSubjectReview TokenReview"],
  "authorization.k8s.io": [
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
  ],
  autoscaling: ["HorizontalPodAutoscaler", ""],
  batch: ["CronJob Job", ""],
  "certificates.k8s.io": ["PodCertificateRequest", "CertificateSigningRequest ClusterTrustBundle"],
  "coordination.k8s.io": ["Lease LeaseCandidate", ""],
  "discovery.k8s.io": ["EndpointSlice", ""],
  "events.k8s.io": ["Event", ""],
  extensions: ["DaemonSet Deployment Ingress NetworkPolicy ReplicaSet", "PodSecurityPolicy"],
  "flowcontrol.apiserver.k8s.io": ["", "FlowSchema PriorityLevelConfiguration"],
  "internal.apiserver.k8s.io": ["", "StorageVersion"],
  "networking.k8s.io": ["Ingress NetworkPolicy", "IPAddress IngressClass ServiceCIDR"],
  "node.k8s.io": ["", "RuntimeClass"],
  policy: ["Eviction PodDisruptionBudget", "PodSecurityPolicy"],
  "rbac.authorization.k8s.io": ["Role RoleBinding", "ClusterRole ClusterRoleBinding"],
  "resource.k8s.io": ["ResourceClaim ResourceClaimTemplate", "DeviceClass DeviceTaintRule ResourceSlice"],
  "scheduling.k8s.io": ["", "PriorityClass"],
  "storage.k8s.io": ["CSIStorageCapacity", "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass"],
  "storagemigration.k8s.io": ["", "StorageVersionMigration"],
};

/** By `group/Kind`. */
const BY_KIND = new Map<string, ApiKind>(
  Object.entries(KINDS).flatMap(([group, [namespaced, ofTheCluster]]) => [
    ...kinds(group, namespaced, true),
    ...kinds(group, ofTheCluster, false),
  ]),
);

function kinds(group: string, names: string, isNamespaced: boolean): [string, ApiKind][] {
  return names
    .split(" ")
    .filter((kind) => kind !== "")
    .map((kind) => [`${group}/${kind}`, { group, kind, resource: pluralOf(kind), isNamespaced }]);
}

/** As Kubernetes guesses it; true of its own kinds, and of custom ones only where nobody says otherwise. */
export function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === "endpoints") return name;
  if (name.endsWith("s")) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}

export const builtInKind = (group: string, kind: string): ApiKind | undefined => BY_KIND.get(`${group}/${kind}`);

/** Groups of Kubernetes' own that have a kind today; those of earlier names of a group are left out. */
export function builtInGroups(kind: string): string[] {
  return [...BY_KIND.values()]
    .filter((one) => one.kind === kind && one.group !== "extensions" && one.group !== "events.k8s.io")
    .map(({ group }) => group);
}

/** Whether a group is Kubernetes' own. */
export const isBuiltInGroup = (group: string): boolean => Object.hasOwn(KINDS, group);

/** Groups of files that programs read on their own machine: no API server ever sees such an object. */
const CLIENT_GROUPS = new Set([
  "admission.k8s.io",
  "audit.k8s.io",
  "cli.kyverno.io",
  "client.authentication.k8s.io",
  "eksctl.io",
  "imagepolicy.k8s.io",
  "k3d.io",
  "kind.x-k8s.io",
  "kubeadm.k8s.io",
  "test.gatekeeper.sh",
]);

/** Whether objects of a group never reach an API server. */
export const isClientGroup = (group: string): boolean => CLIENT_GROUPS.has(group) || group.endsWith(".config.k8s.io");

/** Whether objects of a group may be custom resources: definitions have groups with a dot. */
export const isCustomGroup = (group: string): boolean => group.includes(".") && !isBuiltInGroup(group);
