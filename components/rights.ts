/**
 * What a program may do at the API server: a role and its binding to the program's ServiceAccount, said once.
 */
import type { KubeObject } from "./kube-object";
import type { Labels } from "./labels";

/** One rule of a role, as the API spells it. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** @default all */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Whose rights they are. */
export interface Holder {
  readonly serviceAccountName: string;
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  /** Labels of the role and of the binding. */
  readonly labels: Labels;
}

export const READ = ["get", "list", "watch"];
export const WRITE = ["create", "update", "patch", "delete"];

const RBAC = "rbac.authorization.k8s.io";

/** Rights in the whole cluster. */
export function clusterRights(name: string, rules: readonly Rule[], holder: Holder): KubeObject[] {
  const metadata = { name, labels: holder.labels };
  return [{ apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules }, clusterRightsOf(name, name, holder)];
}

/** Binds a ClusterRole that exists, such as one that is aggregated. */
export function clusterRightsOf(name: string, clusterRole: string, holder: Holder): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name, labels: holder.labels },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: clusterRole },
    subjects: [subject(holder)],
  };
}

/**
 * Rights in one namespace.
 *
 * @param namespace where they hold. @default the ServiceAccount's own
 */
export function rightsIn(
  name: string,
  rules: readonly Rule[],
  holder: Holder,
  namespace = holder.namespace,
): KubeObject[] {
  const metadata = { name, namespace, labels: holder.labels };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: RBAC, kind: "Role", name },
      subjects: [subject(holder)],
    },
  ];
}

const subject = ({ namespace, serviceAccountName }: Holder) => ({
  kind: "ServiceAccount",
  name: serviceAccountName,
  namespace,
});
