/** What a person notices of a change: pods that end, data that go, names and addresses that lead nowhere. One sentence each. */
import { valueAt } from "./property-path";
import type { ChangedField, ObjectName } from "./report";

/** An object that changes, as it was last known and as it will be. */
export interface Changing {
  readonly name: ObjectName;
  readonly operation: "update" | "replace" | "delete";
  /** As it was last known. */
  readonly before: Readonly<Record<string, unknown>>;
  /** Absent where it is deleted. */
  readonly after?: Readonly<Record<string, unknown>>;
  readonly fields: readonly ChangedField[];
}

/** What of others hangs on an object: numbers where the cluster was asked, nothing where it was not. */
export interface Dependents {
  /** Custom resources of a definition's kind. */
  readonly customResources?: number;
  /** Of a Namespace. */
  readonly pods?: number;
  readonly claims?: number;
}

/** What volumes of each storage class become when their claim is deleted. */
export type ReclaimPolicies = ReadonlyMap<string, string>;

interface Context {
  readonly dependents: Dependents;
  readonly reclaimPolicies: ReclaimPolicies;
  /** Whether a workload that stays names the object, in the same namespace. */
  readonly isRead: boolean;
}

type Sentences = (changing: Changing, context: Context) => readonly string[];

/** Sentences for an object that changes; none where nobody notices. */
export function interruptsOf(changing: Changing, context: Context): readonly string[] {
  const { apiVersion, kind } = changing.name;
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : apiVersion === "v1" ? "" : apiVersion;
  const of = KINDS[`${group}/${kind}`] ?? (group === "constraints.gatekeeper.sh" ? guards : undefined);
  if (changing.operation === "update") return of === pods || of === service ? of(changing, context) : [];
  return of?.(changing, context) ?? [];
}

const meanwhile = ({ operation }: Changing) => (operation === "replace" ? "until it is made anew" : "from then on");

const pods: Sentences = ({ after, before, fields, name: { kind }, operation }) => {
  const count = podCount(kind, before);
  if (operation === "delete") return [`${count} end, and nothing starts them again`];
  if (operation === "replace") return [`${count} end before new ones start`];
  const replicas = [before, after].map((one) => valueAt(one, ["spec", "replicas"]));
  const fewer = replicas.every((one) => typeof one === "number") && Number(replicas[0]) > Number(replicas[1]);
  return [
    ...(fields.some(({ path }) => path.startsWith("spec.template")) ? [restart(kind, before, count)] : []),
    ...(fewer ? [`${Number(replicas[0]) - Number(replicas[1])} of ${count} end`] : []),
  ];
};

function restart(kind: string, before: Changing["before"], count: string): string {
  const strategy = valueAt(before, ["spec", kind === "Deployment" ? "strategy" : "updateStrategy", "type"]);
  if (strategy === "Recreate") return `${count} end before new ones start`;
  return strategy === "OnDelete"
    ? `${count} keep running as they are until somebody deletes them`
    : `${count} restart, a few at a time`;
}

function podCount(kind: string, object: Changing["before"]): string {
  if (kind === "DaemonSet") return "its pods on every node";
  const replicas = valueAt(object, ["spec", "replicas"]) ?? 1;
  return typeof replicas === "number" ? some(replicas, "pod", "its ") : "its pods";
}

/** Jobs have one template, which never changes. */
const job: Sentences = (changing) => [
  `what it runs is stopped, and ${changing.operation === "replace" ? "begun again" : "not begun again"}`,
];

const claim: Sentences = ({ before }, { reclaimPolicies }) => {
  const name = valueAt(before, ["spec", "storageClassName"]);
  const policy = typeof name === "string" ? reclaimPolicies.get(name) : undefined;
  if (policy === "Retain")
    return [`its volume stays (class ${name} retains), but nothing finds the data again by itself`];
  return [
    policy === "Delete"
      ? `its volume and all data on it are deleted (class ${name})`
      : "its volume and the data on it may be deleted: its class decides",
  ];
};

const volume: Sentences = ({ before }) => [
  valueAt(before, ["spec", "persistentVolumeReclaimPolicy"]) === "Delete"
    ? "the disk behind it and all data on it are deleted"
    : "claims lose it; the disk behind it stays",
];

const definition: Sentences = ({ before, name }, { dependents: { customResources } }) => {
  const kind = valueAt(before, ["spec", "names", "kind"]) ?? name.name;
  const count = customResources === undefined ? "every" : `all ${customResources}`;
  return customResources === 0
    ? []
    : [
        `${count} ${customResources === undefined ? `object of kind ${kind} is` : `objects of kind ${kind} are`} deleted with it, whoever made them`,
      ];
};

const namespace: Sentences = (_, { dependents: { claims, pods: running } }) => {
  const counts = [running, claims].every((count) => count !== undefined)
    ? `: ${some(running ?? 0, "pod")} and ${some(claims ?? 0, "volume claim")} among it`
    : "";
  return [`all that lies in it is deleted, whoever made it${counts}`];
};

const service: Sentences = (changing) => {
  const { after, before, operation } = changing;
  const isBalancer = valueAt(before, ["spec", "type"]) === "LoadBalancer";
  if (operation === "update") {
    const stays = valueAt(after, ["spec", "type"]) === "LoadBalancer";
    return isBalancer && !stays ? ["its load balancer goes, and with it the address"] : [];
  }
  return [
    `its name leads nowhere ${meanwhile(changing)}`,
    ...(isBalancer ? ["its load balancer goes; the next one may have another address"] : []),
  ];
};

const webhook: Sentences = (changing) => [`what it guards or completes is let through as it is ${meanwhile(changing)}`];

const guards: Sentences = (changing) => [`what it forbids is let through ${meanwhile(changing)}`];

const rights: Sentences = (changing) => [`whoever has rights by it lacks them ${meanwhile(changing)}`];

const account: Sentences = (changing) => [
  `tokens of its pods are no longer valid; new pods cannot start ${meanwhile(changing)}`,
];

const routes: Sentences = (changing) => [`requests that it routes are not answered ${meanwhile(changing)}`];

const read: Sentences = (changing, { isRead }) =>
  !isRead ? [] : [`workloads name it, and their pods cannot start ${meanwhile(changing)}`];

const storageClass: Sentences = (changing) => [
  `claims that name it get no volume ${meanwhile(changing)}; volumes stay`,
];

const api: Sentences = (changing) => [
  `its API is not served ${meanwhile(changing)}, and namespaces cannot be deleted meanwhile`,
];

const quota: Sentences = (changing) => [`nothing bounds what its namespace uses ${meanwhile(changing)}`];

const traffic: Sentences = (changing) => [`traffic of the pods it selects is not as it says ${meanwhile(changing)}`];

/** By `group/Kind`; what is not here interrupts nobody by going. */
const KINDS: Readonly<Record<string, Sentences>> = {
  "/ConfigMap": read,
  "/Namespace": namespace,
  "/PersistentVolume": volume,
  "/PersistentVolumeClaim": claim,
  "/Pod": () => ["it ends"],
  "/ReplicationController": pods,
  "/ResourceQuota": quota,
  "/Secret": read,
  "/Service": service,
  "/ServiceAccount": account,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": webhook,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": guards,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": guards,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": webhook,
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
  "apiregistration.k8s.io/APIService": api,
  "apps/DaemonSet": pods,
  "apps/Deployment": pods,
  "apps/ReplicaSet": pods,
  "apps/StatefulSet": pods,
  "argoproj.io/Application": () => [
    "what it deployed goes with it where it says so (resources-finalizer.argocd.argoproj.io)",
  ],
  "argoproj.io/Rollout": pods,
  "batch/CronJob": job,
  "batch/Job": job,
  "gateway.networking.k8s.io/Gateway": routes,
  "gateway.networking.k8s.io/HTTPRoute": routes,
  "networking.istio.io/Gateway": routes,
  "networking.istio.io/VirtualService": routes,
  "networking.k8s.io/Ingress": routes,
  "networking.k8s.io/NetworkPolicy": traffic,
  "policy/PodDisruptionBudget": (changing) => [
    `nothing limits how many of its pods are evicted at once ${meanwhile(changing)}`,
  ],
  "rbac.authorization.k8s.io/ClusterRole": rights,
  "rbac.authorization.k8s.io/ClusterRoleBinding": rights,
  "rbac.authorization.k8s.io/Role": rights,
  "rbac.authorization.k8s.io/RoleBinding": rights,
  "security.istio.io/AuthorizationPolicy": traffic,
  "security.istio.io/PeerAuthentication": traffic,
  "storage.k8s.io/StorageClass": storageClass,
  "templates.gatekeeper.sh/ConstraintTemplate": (changing) => [
    `every constraint of its kind is deleted; what they forbid is let through ${meanwhile(changing)}`,
  ],
  // of a cloud, whose "version" is the name of its package
  "aws/Bucket": () => ["all objects in it must be gone before, and are lost"],
  "aws/Cluster": () => ["the whole cluster goes, with all that runs in it"],
  "aws/Key": () => ["what is encrypted with it can no longer be read"],
  "aws/NodeGroup": () => ["its nodes go, and the pods on them move or wait"],
};

const some = (count: number, what: string, whose = "") => `${whose}${count} ${what}${count === 1 ? "" : "s"}`;
