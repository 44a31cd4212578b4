/**
 * Data that a drill writes after it began, and by which it tells afterwards what really happened: that what was to be
 * lost was lost, that what was to live lived, and that what was restored is younger than the drill itself. A restore
 * that brings an old snapshot back looks as green as one that works, unless somebody looks at the data.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveCluster } from "../../stacks/live-cluster";
import type { Finding } from "./report";
import type { Volumes } from "./volumes";

/** What is written. */
export interface Sentinel {
  /** Of the drill that wrote it. */
  readonly drill: string;
  /** RFC 3339. */
  readonly writtenAt: string;
  /** Known to nobody before. */
  readonly nonce: string;
}

/** Where it is written: an object, and where there is a storage class, a volume that a Pod uses. */
export interface SentinelPlace {
  readonly namespace: string;
  /** JSON of a Pod that the cluster's rules let through. */
  readonly pod: string;
  readonly volumes?: Volumes;
}

const NAME = "fleetwright-drill-sentinel";

/** Longest wait for a volume: the scheduler, the provisioner and the controller that binds it take turns. */
const VOLUME_MS = 60_000;

export const newSentinel = (drill: string, now = new Date()): Sentinel => ({
  drill,
  writtenAt: now.toISOString(),
  nonce: randomUUID(),
});

const paths = (namespace: string) => ({
  configMap: `/api/v1/namespaces/${namespace}/configmaps/${NAME}`,
  claim: `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${NAME}`,
  pod: `/api/v1/namespaces/${namespace}/pods/${NAME}`,
});

/** Writes it, in the place of one that an earlier drill left. */
export async function writeSentinel(live: LiveCluster, place: SentinelPlace, sentinel: Sentinel): Promise<void> {
  const { namespace, volumes } = place;
  await removeSentinel(live, place);
  const create = (path: string, object: object) => live.send("POST", path.slice(0, path.lastIndexOf("/")), object);
  const metadata = { name: NAME, namespace };
  await create(paths(namespace).configMap, { apiVersion: "v1", kind: "ConfigMap", metadata, data: { ...sentinel } });
  if (!volumes) return;
  await create(paths(namespace).claim, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata,
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  await create(paths(namespace).pod, podWithVolume(place));
  await volumes.write(await boundVolume(live, namespace), { ...sentinel });
}

/** The Pod that passes admission, with the claim mounted. */
function podWithVolume({ pod }: SentinelPlace): object {
  const { metadata, spec, ...rest } = JSON.parse(pod) as {
    readonly metadata: object;
    readonly spec: { readonly containers: readonly object[] };
  };
  const volumeMounts = [{ name: "data", mountPath: "/data" }];
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: NAME } }];
  const containers = spec.containers.map((container) => ({ ...container, volumeMounts }));
  return { ...rest, metadata: { ...metadata, name: NAME }, spec: { ...spec, containers, volumes } };
}

/** Name of the volume that a claim has, once it has one. @throws Error when it has none in time */
export async function boundVolume(live: LiveCluster, namespace: string, name = NAME): Promise<string> {
  const path = paths(namespace).claim.replace(NAME, name);
  const deadline = Date.now() + VOLUME_MS;
  for (;;) {
    const claim = await live.get<{ spec: { volumeName?: string }; status?: { phase?: string } }>(path);
    if (claim?.spec.volumeName && claim.status?.phase === "Bound") return claim.spec.volumeName;
    if (Date.now() > deadline) {
      throw new Error(
        `claim ${namespace}/${name} has no volume after ${VOLUME_MS / 1000} s: it is ${claim?.status?.phase ?? "not there"}`,
      );
    }
    await sleep(300);
  }
}

/** What is there: the object's data, and the volume's; undefined each where it is not. */
export interface Found {
  readonly object: Partial<Sentinel> | undefined;
  readonly volume: Partial<Sentinel> | undefined;
}

/** @param objectOnly where no volume need be looked at. @default false */
export async function readSentinel(
  live: LiveCluster,
  { namespace, volumes }: SentinelPlace,
  objectOnly = false,
): Promise<Found> {
  const object = (await live.get<{ data?: Partial<Sentinel> }>(paths(namespace).configMap))?.data;
  if (objectOnly) return { object, volume: undefined };
  const claim = volumes && (await live.get<object>(paths(namespace).claim));
  const volume = claim && volumes && (await volumes.read(await boundVolume(live, namespace)));
  return { object, volume };
}

/** Takes it away again; there need be none. */
export async function removeSentinel(live: LiveCluster, { namespace, volumes }: SentinelPlace): Promise<void> {
  const { claim, configMap, pod } = paths(namespace);
  if (volumes) {
    await live.send("DELETE", `${pod}?gracePeriodSeconds=0`);
    await live.send("DELETE", claim);
    for (let waited = 0; waited < VOLUME_MS && (await live.get(claim)); waited += 300) await sleep(300);
  }
  await live.send("DELETE", configMap);
}

/** Whether what was restored is what this drill wrote: of an object or a volume. */
export function restoredFinding(
  cluster: string,
  what: string,
  found: Partial<Sentinel> | undefined,
  sentinel: Sentinel,
  startedAt: string,
): Finding {
  const name = `data of ${cluster}, ${what}`;
  if (found === undefined) return { name, ok: false, message: "was not restored" };
  const { nonce, writtenAt = "at a time unknown" } = found;
  if (!(Date.parse(writtenAt) >= Date.parse(startedAt))) {
    return {
      name,
      ok: false,
      message: `what was restored was written ${writtenAt}, before this drill began at ${startedAt}: the restore brought old data`,
    };
  }
  if (nonce !== sentinel.nonce) return { name, ok: false, message: "what was restored is not what this drill wrote" };
  return { name, ok: true, message: `restored as written ${writtenAt}, after this drill began at ${startedAt}` };
}

/** Whether it is gone, or still there, as the drill means it to be. */
export function livedFinding(cluster: string, alive: boolean, found: Found, sentinel: Sentinel): Finding {
  const name = `loss of ${cluster}`;
  const isThere = found.object?.nonce === sentinel.nonce;
  if (alive) {
    return isThere
      ? { name, ok: true, message: "the cluster lived on: what was written after the drill began is there" }
      : { name, ok: false, message: "the cluster was to live on, and what was written after the drill began is gone" };
  }
  return found.object === undefined
    ? { name, ok: true, message: "what was written after the drill began is gone with the cluster" }
    : {
        name,
        ok: false,
        message: "the cluster was to be lost, and still holds what was written before: nothing would be proved",
      };
}
