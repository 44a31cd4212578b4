/** What answers for a Service that the API server calls, and the requests without which it does not come back. */
import type { ApiRequest, RequestUser } from "./api-request";
import { replicaSetLabels, sliceLabels } from "./generated-labels";
import { controller, KUBELET, SCHEDULER } from "./kubernetes-users";
import { exactly } from "./label-selector";
import type { ObjectSet } from "./object-set";
import { ownRequest } from "./own-request";
import { podNeeds } from "./pod-needs";
import { podRequest, unknownPod } from "./pod-request";
import { podTemplate } from "./pod-template";
import type { SetObject } from "./set-object";
import { type ServiceReference, shownService } from "./webhook";

export interface Backend {
  readonly namespace: string;
  readonly service: SetObject | undefined;
  /** What makes its pods, as far as it is in the set. */
  readonly workloads: readonly SetObject[];
  /** `Deployment gatekeeper-system/gatekeeper-controller-manager`, else the Service. */
  readonly shown: string;
}

export function backendOf(set: ObjectSet, reference: ServiceReference): Backend {
  const { name, namespace } = reference;
  const service = set.find("", "Service", namespace, name);
  const workloads = service ? set.behind(service, namespace) : [];
  const shown = workloads.map((one) => `${one.kind} ${namespace}/${one.name}`);
  return {
    namespace,
    service,
    workloads,
    shown: shown.length > 0 ? shown.join(" and ") : `Service ${shownService(reference)}`,
  };
}

/** Whoever takes away a pod that failed or whose node is lost. */
const REMOVERS: readonly RequestUser[] = [
  ...controller("statefulset-controller"),
  ...controller("pod-garbage-collector"),
  ...KUBELET,
];

/** Requests of Kubernetes itself, each of which a lost pod must pass to serve again. */
export function restartRequests(set: ObjectSet, { namespace, service, workloads }: Backend): ApiRequest[] {
  const namespaceLabels = set.namespaceLabels(namespace);
  const core = { group: "", version: "v1", namespace, namespaceLabels };
  const made = workloads.map((one) => podRequest(set, one, namespace));
  const pods = made.length > 0 ? made : [unknownPod(set, namespace)];
  const slice = { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", resource: "endpointslices" };
  // a StatefulSet makes a pod anew only when the one of that name is gone
  const kept = made.filter((_, index) => workloads[index]?.kind === "StatefulSet");
  return [
    ...kept.map((pod): ApiRequest => ({ ...pod, operation: "DELETE", users: REMOVERS })),
    ...pods.flatMap((pod): ApiRequest[] => {
      const ofPods = { ...core, kind: "Pod", resource: "pods" };
      return [
        pod,
        {
          ...ofPods,
          what: "bindings of Pods",
          operation: "CREATE",
          subresource: "binding",
          labels: exactly(),
          users: SCHEDULER,
        },
        {
          ...ofPods,
          labels: pod.labels,
          what: "the status of Pods",
          operation: "UPDATE",
          subresource: "status",
          users: KUBELET,
        },
      ];
    }),
    {
      ...core,
      what: "tokens of ServiceAccounts",
      operation: "CREATE",
      kind: "ServiceAccount",
      resource: "serviceaccounts",
      subresource: "token",
      labels: exactly(),
      users: KUBELET,
    },
    ...(["CREATE", "UPDATE"] as const).map(
      (operation): ApiRequest => ({
        ...slice,
        what: "EndpointSlices",
        operation,
        namespace,
        namespaceLabels,
        labels: sliceLabels(service),
        users: controller("endpointslice-controller"),
      }),
    ),
  ];
}

/** Requests of people, deployers and the program itself: what it takes to install, repair or remove the backend. */
export function repairRequests(set: ObjectSet, backend: Backend): ApiRequest[] {
  const { namespace, service, workloads } = backend;
  const namespaceLabels = set.namespaceLabels(namespace);
  const configuration = workloads.flatMap((one) => podNeeds(set, one).map(({ to }) => to));
  const named = [...workloads, ...(service ? [service] : []), ...configuration];
  const objects = [...new Set(named)].flatMap((one) => {
    const isOfCluster = set.apiKind(one)?.isNamespaced === false;
    const placed = isOfCluster ? one : { ...one, namespace };
    return (["CREATE", "UPDATE"] as const).map((operation) => ownRequest(set, placed, operation));
  });
  const lease = { group: "coordination.k8s.io", version: "v1", kind: "Lease", resource: "leases", labels: exactly() };
  const replicas = workloads.filter(({ kind }) => kind === "Deployment");
  return [
    ...objects,
    ...replicas.map(
      (one): ApiRequest => ({
        what: "ReplicaSets",
        operation: "CREATE",
        group: "apps",
        version: "v1",
        kind: "ReplicaSet",
        resource: "replicasets",
        namespace,
        namespaceLabels,
        labels: replicaSetLabels(one),
        users: controller("deployment-controller"),
      }),
    ),
    ...(["CREATE", "UPDATE"] as const).map(
      (operation): ApiRequest => ({
        ...lease,
        what: "Leases",
        operation,
        namespace,
        namespaceLabels,
        users: ownUsers(backend),
      }),
    ),
    ...(["CREATE", "UPDATE", "DELETE"] as const).map(
      (operation): ApiRequest => ({
        what: `Namespace ${namespace}`,
        operation,
        group: "",
        version: "v1",
        kind: "Namespace",
        resource: "namespaces",
        namespace,
        namespaceLabels,
        name: namespace,
        labels: namespaceLabels,
      }),
    ),
  ];
}

/** The accounts of the program's own pods. */
function ownUsers({ namespace, workloads }: Backend): RequestUser[] {
  return workloads.map(({ object }): RequestUser => {
    const account = podTemplate(object)?.spec.serviceAccountName;
    const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
    return {
      username: `system:serviceaccount:${namespace}:${typeof account === "string" ? account : "default"}`,
      groups,
    };
  });
}
