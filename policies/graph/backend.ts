/** What answers for a Service that the API server calls, and the requests without which it does not come back. */
import type { ApiRequest, RequestUser } from "./api-request";
import { podLabels, replicaSetLabels, sliceLabels } from "./generated-labels";
import { exactly, type KnownLabels, partly } from "./label-selector";
import type { ObjectSet } from "./object-set";
import { ownRequest } from "./own-request";
import { podNeeds } from "./pod-needs";
import { type PodTemplate, podTemplate } from "./pod-template";
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

/** A controller of Kubernetes: by itself, or, where they share an account, as the program that runs them all. */
export const controller = (name: string): RequestUser[] => [
  {
    username: `system:serviceaccount:kube-system:${name}`,
    groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
  },
  { username: "system:kube-controller-manager", groups: ["system:authenticated"] },
];

export const KUBELET: readonly RequestUser[] = [
  { username: "system:node:node", groups: ["system:nodes", "system:authenticated"] },
];

export const SCHEDULER: readonly RequestUser[] = [
  { username: "system:kube-scheduler", groups: ["system:authenticated"] },
];

const CONTROLLERS: Readonly<Record<string, string>> = {
  DaemonSet: "daemon-set-controller",
  Deployment: "replicaset-controller",
  Job: "job-controller",
  ReplicaSet: "replicaset-controller",
  ReplicationController: "replication-controller",
  StatefulSet: "statefulset-controller",
};

/** Requests of Kubernetes itself, each of which a lost pod must pass to serve again. */
export function restartRequests(set: ObjectSet, { namespace, service, workloads }: Backend): ApiRequest[] {
  const namespaceLabels = set.namespaceLabels(namespace);
  const core = { group: "", version: "v1", namespace, namespaceLabels };
  const pods = workloads.length > 0 ? workloads.map(podOf) : [UNKNOWN_POD];
  const slice = { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", resource: "endpointslices" };
  return [
    ...pods.flatMap((pod): ApiRequest[] => {
      const ofPods = { ...core, kind: "Pod", resource: "pods" };
      return [
        { ...ofPods, ...pod, what: "Pods", operation: "CREATE" },
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

interface PodToMake {
  readonly labels: KnownLabels;
  readonly object?: object;
  readonly users?: readonly RequestUser[];
}

const UNKNOWN_POD: PodToMake = { labels: partly() };

function podOf(one: SetObject): PodToMake {
  const template: PodTemplate | undefined = podTemplate(one.object);
  const name = CONTROLLERS[one.kind];
  return {
    labels: podLabels(one),
    object: { spec: template?.spec },
    ...(name === undefined ? {} : { users: controller(name) }),
  };
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
