/**
 * What Argo CD may manage in a tenant's namespaces: the one list from which the rights of its accounts, the projects of
 * the tenants and what it watches are made. What is not here it neither sees nor writes.
 *
 * Not there, on purpose: what bounds a tenant (Namespace, NetworkPolicy, ResourceQuota, LimitRange, roles and bindings),
 * which is Fleetwright's; Secrets, which reach a cluster as references; DaemonSets, which fill every node.
 */

/** One kind that a repository may have. */
export interface ManagedKind {
  /** `""` for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Plural name, as roles spell it. */
  readonly resource: string;
}

/** Kinds that a tenant's repository may have. */
export const DEPLOYED_KINDS: readonly ManagedKind[] = [
  { group: "", kind: "ConfigMap", resource: "configmaps" },
  { group: "", kind: "PersistentVolumeClaim", resource: "persistentvolumeclaims" },
  { group: "", kind: "Service", resource: "services" },
  { group: "", kind: "ServiceAccount", resource: "serviceaccounts" },
  { group: "apps", kind: "Deployment", resource: "deployments" },
  { group: "apps", kind: "StatefulSet", resource: "statefulsets" },
  { group: "argoproj.io", kind: "AnalysisTemplate", resource: "analysistemplates" },
  { group: "argoproj.io", kind: "Rollout", resource: "rollouts" },
  { group: "autoscaling", kind: "HorizontalPodAutoscaler", resource: "horizontalpodautoscalers" },
  { group: "batch", kind: "CronJob", resource: "cronjobs" },
  { group: "batch", kind: "Job", resource: "jobs" },
  { group: "networking.istio.io", kind: "DestinationRule", resource: "destinationrules" },
  { group: "networking.istio.io", kind: "VirtualService", resource: "virtualservices" },
  { group: "networking.k8s.io", kind: "Ingress", resource: "ingresses" },
  { group: "policy", kind: "PodDisruptionBudget", resource: "poddisruptionbudgets" },
];

/** Kinds that controllers make from these, shown below them and never written. */
export const DERIVED_KINDS: readonly ManagedKind[] = [
  { group: "", kind: "Pod", resource: "pods" },
  { group: "apps", kind: "ReplicaSet", resource: "replicasets" },
  { group: "argoproj.io", kind: "AnalysisRun", resource: "analysisruns" },
];

/** What Fleetwright makes in tenants' namespaces: one owner per object. */
export const PLATFORM_KINDS: readonly ManagedKind[] = [
  { group: "", kind: "LimitRange", resource: "limitranges" },
  { group: "", kind: "Namespace", resource: "namespaces" },
  { group: "", kind: "ResourceQuota", resource: "resourcequotas" },
  { group: "networking.istio.io", kind: "Sidecar", resource: "sidecars" },
  { group: "networking.k8s.io", kind: "NetworkPolicy", resource: "networkpolicies" },
  { group: "rbac.authorization.k8s.io", kind: "Role", resource: "roles" },
  { group: "rbac.authorization.k8s.io", kind: "RoleBinding", resource: "rolebindings" },
  { group: "security.istio.io", kind: "AuthorizationPolicy", resource: "authorizationpolicies" },
  { group: "security.istio.io", kind: "PeerAuthentication", resource: "peerauthentications" },
];

/** Kinds by group, groups and kinds in the order of their names. */
export function byGroup(kinds: readonly ManagedKind[]): ReadonlyMap<string, readonly ManagedKind[]> {
  const groups = [...new Set(kinds.map(({ group }) => group))].sort();
  return new Map(groups.map((group) => [group, kinds.filter((kind) => kind.group === group)]));
}
