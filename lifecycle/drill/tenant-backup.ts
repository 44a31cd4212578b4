/**
 * Backs up and restores what tenants have in a cluster, as Velero does with the platform's schedules: the objects of
 * their namespaces that no controller and not the platform made, and what is in their volumes. Velero's own program does
 * not run in a sandbox; outside of it the runbook has its commands.
 */
import { type KubeObject, keyOf } from "../../components/kube-object";
import { type LiveCluster, RequestRefused } from "../../stacks/live-cluster";
import type { BackupStore } from "./object-store";
import type { Volumes } from "./volumes";

/** Made by Kubernetes itself wherever a namespace is, or gone with the moment. */
const NEVER = new Set(["Event", "Endpoints", "EndpointSlice", "Lease", "PodMetrics", "ControllerRevision"]);
const BY_KUBERNETES = new Set(["/ConfigMap/kube-root-ca.crt", "/ServiceAccount/default"]);

/** What others need to be there before them. */
const FIRST = ["ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim"];

interface Kind {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
}

/** One namespace as it lies in the object store. */
interface NamespaceBackup {
  readonly objects: readonly KubeObject[];
  /** Of each claim what its volume held. */
  readonly volumes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** @returns how many objects it holds */
export async function backUp(
  live: LiveCluster,
  namespaces: readonly string[],
  { name, store, volumes }: { readonly name: string; readonly store: BackupStore; readonly volumes: Volumes },
): Promise<number> {
  const kinds = await namespacedKinds(live);
  const parts: Record<string, string> = {};
  let count = 0;
  for (const namespace of namespaces) {
    const objects = (await Promise.all(kinds.map((kind) => objectsIn(live, namespace, kind)))).flat();
    const contents: Record<string, Readonly<Record<string, string>>> = {};
    for (const { kind, metadata, spec } of objects) {
      const { volumeName } = (spec ?? {}) as { readonly volumeName?: string };
      const content = kind === "PersistentVolumeClaim" && volumeName ? await volumes.read(volumeName) : undefined;
      if (content) contents[metadata.name] = content;
    }
    count += objects.length;
    parts[namespace] = JSON.stringify({ objects, volumes: contents } satisfies NamespaceBackup);
  }
  await store.put(name, parts);
  return count;
}

/**
 * Makes what a backup holds. What is there already stays as it is.
 *
 * @param volumeOf waits for the volume of a restored claim, and gives its name
 * @returns how many objects were made, and a sentence for each that was refused
 * @throws BackupInconsistent before anything is made
 */
export async function restore(
  live: LiveCluster,
  { name, store, volumes }: { readonly name: string; readonly store: BackupStore; readonly volumes: Volumes },
  volumeOf: (namespace: string, claim: string) => Promise<string>,
): Promise<{ readonly made: number; readonly refused: readonly string[] }> {
  const parts = await store.get(name);
  const refused: string[] = [];
  let made = 0;
  for (const [namespace, part] of Object.entries(parts)) {
    const backup = JSON.parse(part) as NamespaceBackup;
    const rank = ({ kind }: KubeObject) => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
    for (const object of [...backup.objects].sort((a, b) => rank(a) - rank(b))) {
      const path = await live.pathOf(object.apiVersion, object.kind, namespace);
      if (path === undefined) {
        refused.push(`${keyOf(object)}: the cluster does not know its kind`);
        continue;
      }
      try {
        await live.send("POST", path, asNew(object));
        made++;
      } catch (error) {
        if (!(error instanceof RequestRefused)) throw error;
        if (error.status !== 409) refused.push(`${keyOf(object)}: ${error.message}`);
      }
    }
    for (const [claim, content] of Object.entries(backup.volumes)) {
      await volumes.write(await volumeOf(namespace, claim), content);
    }
  }
  return { made, refused };
}

async function objectsIn(
  live: LiveCluster,
  namespace: string,
  { apiVersion, kind, path }: Kind,
): Promise<KubeObject[]> {
  const list = await live.get<{ readonly items: readonly KubeObject[] }>(path.replace("{namespace}", namespace));
  return (list?.items ?? [])
    .map((item) => ({ ...item, apiVersion, kind }))
    .filter(({ metadata }) => {
      const owners = (metadata.ownerReferences ?? []) as readonly unknown[];
      const isOurs = metadata.labels?.["app.kubernetes.io/managed-by"] === "fleetwright";
      return owners.length === 0 && !isOurs && !BY_KUBERNETES.has(`/${kind}/${metadata.name}`);
    });
}

/** Kinds that lie in namespaces and can be listed and made, each in the version that its group prefers. */
async function namespacedKinds(live: LiveCluster): Promise<Kind[]> {
  const core = await live.get<{
    readonly resources: readonly { name: string; kind: string; namespaced: boolean; verbs: readonly string[] }[];
  }>("/api/v1");
  const groups = await live.get<{
    readonly items: readonly {
      readonly metadata: { readonly name: string };
      readonly versions: readonly {
        readonly version: string;
        readonly resources?: readonly {
          readonly resource: string;
          readonly responseKind?: { readonly kind: string };
          readonly scope: string;
          readonly verbs: readonly string[];
        }[];
      }[];
    }[];
  }>("/apis", "discovery");
  const usable = (kind: string, verbs: readonly string[]) =>
    !NEVER.has(kind) && ["list", "create"].every((verb) => verbs.includes(verb));
  return [
    ...(core?.resources ?? [])
      .filter(({ kind, name, namespaced, verbs }) => namespaced && !name.includes("/") && usable(kind, verbs))
      .map(({ kind, name }) => ({ apiVersion: "v1", kind, path: `/api/v1/namespaces/{namespace}/${name}` })),
    ...(groups?.items ?? []).flatMap(({ metadata, versions: [preferred] }) =>
      (preferred?.resources ?? [])
        .filter(({ responseKind, scope, verbs }) => scope === "Namespaced" && usable(responseKind?.kind ?? "", verbs))
        .map(({ resource, responseKind }) => {
          const apiVersion = `${metadata.name}/${preferred?.version}`;
          return {
            apiVersion,
            kind: responseKind?.kind ?? "",
            path: `/apis/${apiVersion}/namespaces/{namespace}/${resource}`,
          };
        }),
    ),
  ];
}

/** The object as somebody would write it: without what the old cluster gave it. */
function asNew({ metadata, status: _, ...rest }: KubeObject): object {
  const { name, namespace, labels, annotations } = metadata;
  const kept = Object.fromEntries(
    Object.entries(annotations ?? {}).filter(
      ([key]) =>
        !/(^|\.)(kubernetes\.io\/(bind|storage|selected)|volume\.)/.test(key) &&
        !key.startsWith("pv.kubernetes.io/") &&
        !key.startsWith("volume."),
    ),
  );
  const spec = rest.spec as Record<string, unknown> | undefined;
  const made = { ...rest, metadata: { name, namespace, labels, annotations: kept } };
  if (rest.kind === "PersistentVolumeClaim") {
    const { volumeName: __, ...wanted } = spec ?? {};
    return { ...made, spec: wanted };
  }
  if (rest.kind === "Pod") {
    const { nodeName: __, ...wanted } = spec ?? {};
    return { ...made, spec: wanted };
  }
  if (rest.kind === "Service") {
    const { clusterIP, clusterIPs: __, ...wanted } = spec ?? {};
    return { ...made, spec: clusterIP === "None" ? { ...wanted, clusterIP } : wanted };
  }
  return made;
}
