/** Requests by which a cluster lives: of its control plane, its nodes, and whatever runs in their namespaces. */
import type { ApiRequest, RequestUser } from "./api-request";
import { generatedBy } from "./generated-labels";
import { controller, KUBELET, SCHEDULER } from "./kubernetes-users";
import { exactly, type KnownLabels } from "./label-selector";
import { NAME_LABEL, type ObjectSet } from "./object-set";

const SYSTEM = "kube-system";
const LEASES = "kube-node-lease";

/** Of Kubernetes itself, where what a cluster lives by is. */
export const NAMESPACES = [SYSTEM, LEASES] as const;

/** Of a namespace of Kubernetes that is not in the set: what it has, unless somebody labels it. */
export function systemLabels(set: ObjectSet, namespace: string): KnownLabels {
  return set.namespace(namespace) ? set.namespaceLabels(namespace) : exactly({ [NAME_LABEL]: namespace });
}

/** Labels of pods that every cluster has: its name service, its proxies, its control plane. */
const SYSTEM_PODS: readonly KnownLabels[] = [
  generatedBy("Deployment", { "k8s-app": "kube-dns" }),
  generatedBy("DaemonSet", { "k8s-app": "kube-proxy" }),
  exactly({ component: "kube-apiserver", tier: "control-plane" }),
];

/** @param labelsOf of a namespace of Kubernetes */
export function controlPlaneRequests(labelsOf: (namespace: string) => KnownLabels): ApiRequest[] {
  const inSystem = { namespace: SYSTEM, namespaceLabels: labelsOf(SYSTEM) };
  const core = { group: "", version: "v1", ...inSystem };
  const named = (group: string, kind: string, resource: string, what = `${resource} of ${SYSTEM}`) =>
    both({ what, group, version: "v1", kind, resource, labels: exactly(), ...inSystem });
  return [
    ...SYSTEM_PODS.flatMap((labels): ApiRequest[] => {
      const ofPods = { ...core, kind: "Pod", resource: "pods" };
      return [
        { ...ofPods, what: `pods of ${SYSTEM}`, operation: "CREATE", labels },
        {
          ...ofPods,
          what: `pods/status of ${SYSTEM}`,
          operation: "UPDATE",
          subresource: "status",
          labels,
          users: KUBELET,
        },
      ];
    }),
    {
      ...core,
      what: `pods/binding of ${SYSTEM}`,
      operation: "CREATE",
      kind: "Pod",
      resource: "pods",
      subresource: "binding",
      labels: exactly(),
      users: SCHEDULER,
    },
    ...named("coordination.k8s.io", "Lease", "leases"),
    ...named("", "Endpoints", "endpoints"),
    ...named("discovery.k8s.io", "EndpointSlice", "endpointslices"),
    ...named("", "ConfigMap", "configmaps"),
    ...named("", "Secret", "secrets"),
    ...named("", "Service", "services"),
    ...named("", "ServiceAccount", "serviceaccounts"),
    ...named("apps", "DaemonSet", "daemonsets"),
    ...named("apps", "Deployment", "deployments"),
    ...named("apps", "ReplicaSet", "replicasets").map((one) => ({
      ...one,
      labels: generatedBy("ReplicaSet", {}),
      users: controller("deployment-controller"),
    })),
    ...nodeRequests(labelsOf(LEASES)),
  ];
}

function nodeRequests(leaseLabels: KnownLabels): ApiRequest[] {
  const ofCluster = (group: string, kind: string, resource: string, users?: readonly RequestUser[]) => ({
    what: resource,
    group,
    version: "v1",
    kind,
    resource,
    labels: exactly(),
    ...(users ? { users } : {}),
  });
  const nodes = ofCluster("", "Node", "nodes", KUBELET);
  return [
    ...both({
      ...ofCluster("coordination.k8s.io", "Lease", "leases", KUBELET),
      what: `leases of ${LEASES}, by which nodes are alive`,
      namespace: LEASES,
      namespaceLabels: leaseLabels,
    }),
    ...both(nodes),
    { ...nodes, what: "nodes/status", operation: "UPDATE", subresource: "status" },
    { ...ofCluster("storage.k8s.io", "CSINode", "csinodes", KUBELET), operation: "CREATE" },
    {
      ...ofCluster("certificates.k8s.io", "CertificateSigningRequest", "certificatesigningrequests"),
      operation: "CREATE",
    },
    { ...ofCluster("authentication.k8s.io", "TokenReview", "tokenreviews"), operation: "CREATE" },
    { ...ofCluster("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews"), operation: "CREATE" },
  ];
}

const both = (request: Omit<ApiRequest, "operation">): ApiRequest[] => [
  { ...request, operation: "CREATE" },
  { ...request, operation: "UPDATE" },
];
