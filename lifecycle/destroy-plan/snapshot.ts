/**
 * What one cluster holds at one moment, read once: the metadata of every object that can be deleted, and whole those few
 * that decide what hangs. Nothing is changed.
 */
import { ClusterUnreachable, type LiveCluster } from "../../stacks/live-cluster";
import type { LiveObject, Metadata, ServedKind } from "./live-object";
import { type Discovery, servedKinds } from "./served-kinds";

/** An object with contents, as far as some finder reads it. */
export interface Whole<Spec, Status = object> {
  readonly metadata: Metadata;
  readonly spec?: Spec;
  readonly status?: Status;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** One webhook of a configuration. */
export interface Webhook {
  readonly name: string;
  readonly failurePolicy?: string;
  readonly timeoutSeconds?: number;
  readonly clientConfig: { readonly service?: ServiceReference; readonly url?: string };
  readonly namespaceSelector?: Selector;
  readonly objectSelector?: Selector;
  readonly matchConditions?: readonly { readonly name: string }[];
  readonly rules?: readonly {
    readonly apiGroups?: readonly string[];
    readonly operations?: readonly string[];
    readonly resources?: readonly string[];
    readonly scope?: string;
  }[];
}

export interface WebhookConfiguration {
  readonly kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration";
  readonly metadata: Metadata;
  readonly webhooks?: readonly Webhook[];
}

export type ApiService = Whole<
  { readonly group?: string; readonly version?: string; readonly service?: ServiceReference | null },
  { readonly conditions?: readonly Condition[] }
>;
export type Namespace = Whole<object, { readonly phase?: string; readonly conditions?: readonly Condition[] }>;
export type Node = Whole<object, { readonly conditions?: readonly Condition[] }>;
export type Pod = Whole<{
  readonly nodeName?: string;
  readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
}>;
export type Service = Whole<
  { readonly type?: string; readonly selector?: Readonly<Record<string, string>> },
  { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } }
>;
export type PersistentVolume = Whole<{
  readonly persistentVolumeReclaimPolicy?: string;
  readonly claimRef?: { readonly namespace?: string; readonly name?: string };
}>;
export type Workload = Whole<
  {
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec?: { readonly serviceAccountName?: string };
    };
  },
  { readonly readyReplicas?: number; readonly numberReady?: number }
> & { readonly kind: string };
export type EndpointSlice = Whole<object> & {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
};

export interface ClusterRole {
  readonly metadata: Metadata;
  readonly rules?:
    | readonly {
        readonly apiGroups?: readonly string[];
        readonly resources?: readonly string[];
        readonly verbs?: readonly string[];
      }[]
    | null;
}
export interface ClusterRoleBinding {
  readonly metadata: Metadata;
  readonly roleRef: { readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

export interface Snapshot {
  readonly kinds: readonly ServedKind[];
  readonly objects: readonly LiveObject[];
  /** Kinds that could not be listed, and what the API server said. */
  readonly unlisted: readonly { readonly kind: ServedKind; readonly message: string }[];
  readonly namespaces: readonly Namespace[];
  readonly webhookConfigurations: readonly WebhookConfiguration[];
  readonly apiServices: readonly ApiService[];
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly volumes: readonly PersistentVolume[];
  readonly workloads: readonly Workload[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly clusterRoles: readonly ClusterRole[];
  readonly clusterRoleBindings: readonly ClusterRoleBinding[];
}

/** Objects of one answer: a page of metadata with its managed fields is some hundred KiB. */
const PAGE = 250;

/** Kinds whose objects come and go by themselves. */
const PASSING = new Set(["Event", "ComponentStatus"]);

/**
 * Reads a cluster.
 *
 * @param podsIn namespaces whose pods are of interest
 * @throws ClusterUnreachable when it does not answer
 */
export async function takeSnapshot(cluster: LiveCluster, podsIn: readonly string[]): Promise<Snapshot> {
  const apiServices = await items<ApiService>(cluster, "/apis/apiregistration.k8s.io/v1/apiservices");
  const aggregated = new Set(
    apiServices.flatMap(({ spec }) => (spec?.service ? [`${spec.group}/${spec.version}`] : [])),
  );
  const [core, named] = await Promise.all([
    cluster.get<Discovery>("/api", "discovery"),
    cluster.get<Discovery>("/apis", "discovery"),
  ]);
  const kinds = [core, named].flatMap((discovery) => servedKinds(discovery)).filter(({ kind }) => !PASSING.has(kind));
  // what somebody else's API server holds is no object of this one, and need not survive to be listed
  const own = kinds.filter(({ group, version }) => !aggregated.has(`${group}/${version}`));
  const lists = await Promise.all(own.map((kind) => listed(cluster, kind)));
  const whole = <T>(plural: string, root = "/api/v1") => items<T>(cluster, `${root}/${plural}`);
  const hooks = (kind: WebhookConfiguration["kind"]) =>
    whole<WebhookConfiguration>(`${kind.toLowerCase()}s`, "/apis/admissionregistration.k8s.io/v1").then((found) =>
      found.map((one) => ({ ...one, kind })),
    );
  const workloads = (kind: string) =>
    whole<Workload>(`${kind.toLowerCase()}s`, "/apis/apps/v1").then((found) => found.map((one) => ({ ...one, kind })));
  const [namespaces, nodes, pods, services, volumes, endpointSlices] = await Promise.all([
    whole<Namespace>("namespaces"),
    whole<Node>("nodes"),
    Promise.all(podsIn.map((namespace) => whole<Pod>(`namespaces/${namespace}/pods`))).then((lists) => lists.flat()),
    whole<Service>("services"),
    whole<PersistentVolume>("persistentvolumes"),
    whole<EndpointSlice>("endpointslices", "/apis/discovery.k8s.io/v1"),
  ]);
  const rights = "/apis/rbac.authorization.k8s.io/v1";
  return {
    kinds,
    objects: lists.flatMap(({ objects }) => objects),
    unlisted: lists.flatMap(({ kind, message }) => (message === undefined ? [] : [{ kind, message }])),
    namespaces,
    nodes,
    pods,
    services,
    volumes,
    endpointSlices,
    apiServices,
    clusterRoles: await whole<ClusterRole>("clusterroles", rights),
    clusterRoleBindings: await whole<ClusterRoleBinding>("clusterrolebindings", rights),
    webhookConfigurations: (
      await Promise.all([hooks("ValidatingWebhookConfiguration"), hooks("MutatingWebhookConfiguration")])
    ).flat(),
    workloads: (await Promise.all(["Deployment", "StatefulSet", "DaemonSet"].map(workloads))).flat(),
  };
}

interface Listed {
  readonly kind: ServedKind;
  readonly objects: readonly LiveObject[];
  readonly message?: string;
}

async function listed(cluster: LiveCluster, served: ServedKind): Promise<Listed> {
  const { group, kind, plural, version } = served;
  const path = group === "" ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
  try {
    const found = await items<{ readonly metadata: Metadata }>(cluster, path, "metadata");
    const objects = found.map(({ metadata }): LiveObject => {
      const { name, namespace } = metadata;
      return { group, kind, name, ...(namespace && { namespace }), served, metadata };
    });
    return { kind: served, objects };
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    return { kind: served, objects: [], message: error.message };
  }
}

/** All objects of a list, page by page; none where there is no such list. */
async function items<T>(cluster: LiveCluster, path: string, form: "whole" | "metadata" = "whole"): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined = "";
  do {
    const page:
      | { readonly metadata: { readonly continue?: string }; readonly items?: readonly T[] | null }
      | undefined = await cluster.get(`${path}?limit=${PAGE}&continue=${encodeURIComponent(next)}`, form);
    found.push(...(page?.items ?? []));
    next = page?.metadata.continue;
  } while (next);
  return found;
}
