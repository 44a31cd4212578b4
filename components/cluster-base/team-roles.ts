/**
 * What a team may do in a namespace of its tenants: look, and deploy. Every verb and resource is written out.
 *
 * Not there, on purpose: Secrets (whoever may deploy can mount those of the namespace, but nobody reads them by hand),
 * Roles and bindings, `pods/exec` and `pods/portforward` (they pass by NetworkPolicies), tokens of ServiceAccounts,
 * NetworkPolicies, quotas and limits (they bound the team), and DaemonSets (they fill every node).
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete"];

const VIEW: readonly Rule[] = [
  {
    apiGroups: [""],
    resources: [
      "configmaps",
      "events",
      "limitranges",
      "persistentvolumeclaims",
      "pods",
      "pods/log",
      "resourcequotas",
      "serviceaccounts",
      "services",
    ],
    verbs: READ,
  },
  { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets"], verbs: READ },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: READ },
  { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: READ },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: READ },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: READ },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: READ },
];

const DEPLOY: readonly Rule[] = [
  {
    apiGroups: [""],
    resources: ["configmaps", "persistentvolumeclaims", "serviceaccounts", "services"],
    verbs: WRITE,
  },
  // a pod may be ended, so that its controller makes a new one; it is made by controllers only
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: WRITE },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get", "update", "patch"] },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: WRITE },
  { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: WRITE },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: WRITE },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: WRITE },
];

/** Roles `team-view` and `team-deploy` of one namespace, each bound to the group. */
export function teamRoles(namespace: string, group: string): KubeObject[] {
  return [...role(namespace, group, "team-view", VIEW), ...role(namespace, group, "team-deploy", DEPLOY)];
}

function role(namespace: string, group: string, name: string, rules: readonly Rule[]): KubeObject[] {
  const metadata = { name, namespace, labels: objectLabels("cluster-base") };
  const apiGroup = "rbac.authorization.k8s.io";
  return [
    { apiVersion: `${apiGroup}/v1`, kind: "Role", metadata, rules },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup, kind: "Role", name },
      subjects: [{ apiGroup, kind: "Group", name: group }],
    },
  ];
}
