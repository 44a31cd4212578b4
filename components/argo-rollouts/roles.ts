/**
 * What Argo Rollouts may do. Upstream's one ClusterRole, in three parts: it looks everywhere, because it watches everywhere;
 * it writes in tenants' namespaces only; what it needs for itself it has in its own.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

export const ARGO_ROLLOUTS_NAMESPACE = "argo-rollouts";

const ACCOUNT = "argo-rollouts";
const WRITER = "argo-rollouts-canaries";
const API_GROUP = "rbac.authorization.k8s.io";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const rule = (group: string, resources: string[], verbs: string[], resourceNames?: string[]): Rule => ({
  apiGroups: [group],
  resources,
  ...(resourceNames ? { resourceNames } : {}),
  verbs,
});

const READ = ["get", "list", "watch"];

/** Its caches start only when each of these can be listed in the whole cluster. */
const EVERYWHERE: readonly Rule[] = [
  rule(
    "argoproj.io",
    ["analysisruns", "analysistemplates", "clusteranalysistemplates", "experiments", "rollouts"],
    READ,
  ),
  rule("apps", ["deployments", "replicasets"], READ),
  rule("", ["podtemplates", "services"], READ),
  rule("batch", ["jobs"], READ),
  rule("networking.istio.io", ["destinationrules", "virtualservices"], READ),
  rule("networking.k8s.io", ["ingresses"], READ),
];

const IN_TENANTS_NAMESPACES: readonly Rule[] = [
  rule("argoproj.io", ["rollouts", "rollouts/finalizers", "rollouts/status"], ["update", "patch"]),
  rule(
    "argoproj.io",
    ["analysisruns", "analysisruns/finalizers", "experiments", "experiments/finalizers"],
    ["create", "update", "patch", "delete"],
  ),
  rule("apps", ["replicasets"], ["create", "update", "patch", "delete"]),
  // a Deployment that a Rollout took over is scaled down
  rule("apps", ["deployments"], ["update"]),
  // which version a Service leads to
  rule("", ["services"], ["patch"]),
  // labels of the canary's pods; pods are restarted one by one
  rule("", ["pods"], ["list", "watch", "update"]),
  rule("", ["pods/eviction"], ["create"]),
  rule("", ["events"], ["create", "update", "patch"]),
  rule("networking.istio.io", ["destinationrules", "virtualservices"], ["update", "patch"]),
];

const FOR_ITSELF: readonly Rule[] = [
  rule("", ["configmaps"], READ, ["argo-rollouts-config", "argo-rollouts-notification-configmap"]),
  rule("", ["secrets"], READ, ["argo-rollouts-notification-secret"]),
  // who is to be created has no name yet
  rule("coordination.k8s.io", ["leases"], ["create"]),
  rule("coordination.k8s.io", ["leases"], ["get", "update"], ["argo-rollouts-controller-lock"]),
];

/** Roles and bindings of the controller's account. */
export function roles(tenantNamespaces: readonly string[]): KubeObject[] {
  const own = ARGO_ROLLOUTS_NAMESPACE;
  return [
    role("ClusterRole", ACCOUNT, undefined, EVERYWHERE),
    binding("ClusterRoleBinding", undefined, "ClusterRole", ACCOUNT),
    role("ClusterRole", WRITER, undefined, IN_TENANTS_NAMESPACES),
    ...tenantNamespaces.map((namespace) => binding("RoleBinding", namespace, "ClusterRole", WRITER)),
    role("Role", ACCOUNT, own, FOR_ITSELF),
    binding("RoleBinding", own, "Role", ACCOUNT),
  ];
}

function role(kind: string, name: string, namespace: string | undefined, rules: readonly Rule[]): KubeObject {
  return { apiVersion: `${API_GROUP}/v1`, kind, metadata: metadata(name, namespace), rules };
}

function binding(kind: string, namespace: string | undefined, roleKind: string, name: string): KubeObject {
  return {
    apiVersion: `${API_GROUP}/v1`,
    kind,
    metadata: metadata(name, namespace),
    roleRef: { apiGroup: API_GROUP, kind: roleKind, name },
    subjects: [{ kind: "ServiceAccount", name: ACCOUNT, namespace: ARGO_ROLLOUTS_NAMESPACE }],
  };
}

const metadata = (name: string, namespace: string | undefined) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  labels: objectLabels("argo-rollouts", "controller"),
});
