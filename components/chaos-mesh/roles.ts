/**
 * What the programs of Chaos Mesh may do. Upstream's chart lets the controller read, change and delete every Secret and
 * ConfigMap of the cluster, for faults that are not offered here (clouds, TLS of HTTP, tasks); none of that is granted.
 */

import { CHAOS_GROUP, CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { KubeObject } from "../kube-object";
import { CLOSED_KINDS, COMPOSED_KINDS, FAULT_KINDS, INTERNAL_KINDS } from "./definitions";
import { type DefinedKind, pluralOf } from "./definitions/definition";
import { chaosMeshObject } from "./names";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ["get", "list", "watch"];
const RBAC = "rbac.authorization.k8s.io";

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): Rule => ({
  apiGroups: [group],
  resources,
  verbs,
});

const offered: readonly DefinedKind[] = [...FAULT_KINDS, ...COMPOSED_KINDS, ...INTERNAL_KINDS];
const resources = offered.map(pluralOf).sort();
const closed = CLOSED_KINDS.map((kind) => pluralOf({ kind })).sort();
const statuses = offered.flatMap((defined) => (defined.hasStatusSubresource ? [`${pluralOf(defined)}/status`] : []));

/** Of the whole cluster: pods may be anywhere; those of namespaces that did not opt in are passed over by the program itself. */
const CONTROLLER: readonly Rule[] = [
  // kills them, or changes their images to one that does nothing
  rule("", ["pods"], [...READ, "delete", "patch", "update"]),
  // whether they opted in, in which zone a pod is, and where its DNS server answers: it watches Services of every namespace
  rule("", ["namespaces", "nodes", "services"], READ),
  rule("", ["events"], ["create", "patch"]),
  rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
  rule(CHAOS_GROUP, resources, [...READ, "create", "update", "patch", "delete"]),
  rule(CHAOS_GROUP, statuses, ["get", "update", "patch"]),
  // owner references, where OwnerReferencesPermissionEnforcement is on
  rule(CHAOS_GROUP, ["schedules/finalizers", "workflownodes/finalizers", "workflows/finalizers"], ["update"]),
  rule(CHAOS_GROUP, closed, READ),
];

/** Of its own namespace: its daemons, and who leads. */
const CONTROLLER_HERE: readonly Rule[] = [
  rule("discovery.k8s.io", ["endpointslices"], READ),
  rule("coordination.k8s.io", ["leases"], ["get", "create", "update"]),
];

/** It shows what is; whatever somebody does in it is done with a token of their own. */
const DASHBOARD: readonly Rule[] = [
  rule("", ["namespaces", "events"], READ),
  rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"]),
  rule(CHAOS_GROUP, [...resources, ...closed].sort(), READ),
];

/** It answers names of the cluster as the cluster's own name server does. */
const DNS_SERVER: readonly Rule[] = [rule("", ["endpoints", "namespaces", "pods", "services"], READ)];

/** Names of the ServiceAccounts. */
export interface Accounts {
  readonly controller: string;
  readonly dashboard: string;
  readonly dnsServer: string;
}

export function roles({ controller, dashboard, dnsServer }: Accounts): KubeObject[] {
  return [
    ...clusterRole("chaos-mesh-controller-manager", controller, CONTROLLER),
    ...role("chaos-mesh-controller-manager", controller, CONTROLLER_HERE),
    ...clusterRole("chaos-mesh-dashboard", dashboard, DASHBOARD),
    ...clusterRole("chaos-mesh-dns-server", dnsServer, DNS_SERVER),
  ];
}

const subjects = (account: string) => [{ kind: "ServiceAccount", name: account, namespace: CHAOS_MESH_NAMESPACE }];

function clusterRole(name: string, account: string, rules: readonly Rule[]): KubeObject[] {
  const metadata = { name, part: "roles" };
  const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name };
  return [
    chaosMeshObject(`${RBAC}/v1`, "ClusterRole", metadata, { rules }),
    chaosMeshObject(`${RBAC}/v1`, "ClusterRoleBinding", metadata, { roleRef, subjects: subjects(account) }),
  ];
}

function role(name: string, account: string, rules: readonly Rule[]): KubeObject[] {
  const metadata = { name, part: "roles", namespaced: true };
  const roleRef = { apiGroup: RBAC, kind: "Role", name };
  return [
    chaosMeshObject(`${RBAC}/v1`, "Role", metadata, { rules }),
    chaosMeshObject(`${RBAC}/v1`, "RoleBinding", metadata, { roleRef, subjects: subjects(account) }),
  ];
}
