/**
 * The account by which Argo CD acts on a cluster, on each cluster of the fleet, the hub included.
 *
 *     ServiceAccount argocd-manager ──RoleBinding per tenant's namespace──▶ ClusterRole argocd-manager
 *
 * It is bound in tenants' namespaces and nowhere else, so of the cluster itself it knows what every account may read:
 * which APIs there are. Its token is issued by `fleetwright credentials` and never stands here.
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { byGroup, DEPLOYED_KINDS, DERIVED_KINDS } from "./kinds";

/** Where the account lives: beside the mark of the cluster, in a namespace that every cluster has. */
export const MANAGER = { namespace: "fleetwright-system", name: "argocd-manager" } as const;

const READ = ["get", "list", "watch"];

/** The account, what it may do, and where. */
export function manager(tenantNamespaces: readonly string[]): KubeObject[] {
  const labels = objectLabels("argo-cd", "manager");
  const { name, namespace } = MANAGER;
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace, labels },
      automountServiceAccountToken: false,
    },
    { apiVersion: `${apiGroup}/v1`, kind: "ClusterRole", metadata: { name, labels }, rules: rules() },
    ...tenantNamespaces.map((tenant) => ({
      apiVersion: `${apiGroup}/v1`,
      kind: "RoleBinding",
      metadata: { name, namespace: tenant, labels },
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    })),
  ];
}

function rules(): object[] {
  const named = (group: string, all: typeof DEPLOYED_KINDS, verbs: readonly string[]) => ({
    apiGroups: [group],
    resources: all.map(({ resource }) => resource),
    verbs,
  });
  return [
    ...[...byGroup(DEPLOYED_KINDS)].map(([group, kinds]) =>
      named(group, kinds, [...READ, "create", "update", "patch", "delete"]),
    ),
    ...[...byGroup(DERIVED_KINDS)].map(([group, kinds]) => named(group, kinds, READ)),
    // people read logs and events in Argo CD; a pod may be ended so that its controller makes a new one
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
    // a Rollout is restarted, retried, aborted and promoted by its status
    { apiGroups: ["argoproj.io"], resources: ["rollouts/status"], verbs: ["get", "update", "patch"] },
  ];
}
