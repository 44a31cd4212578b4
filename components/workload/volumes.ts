/**
 * What a workload mounts: configuration, secrets, scratch space, claims.
 */
import { bytesQuantity } from "../quantity";
import type { PodDepartures } from "./departures";

/** A volume of a pod. Folders of the node are departures: see {@link PodDepartures.hostPaths}. */
export type Volume =
  /** Keys of a ConfigMap as files. `optional`: the pod starts without it. @default optional false */
  | { readonly configMap: string; readonly optional?: boolean }
  /** Keys of a Secret as files, readable by the pod's user and group only. @default optional false */
  | { readonly secret: string; readonly optional?: boolean }
  /** Scratch space of so many MiB that lives as long as the pod; counted as memory when `medium` says so. */
  | { readonly scratchMiB: number; readonly medium?: "disk" | "memory" }
  /** A token of the pod's ServiceAccount that only `audience` accepts, in the file `path`, renewed every so many seconds, 600 at least. */
  | { readonly tokenFor: string; readonly path: string; readonly expirationSeconds: number }
  /** The pod's own labels and annotations, as the files of these names. */
  | { readonly podInfo: readonly ("labels" | "annotations")[] };

/** Storage that each pod of a StatefulSet keeps. */
export interface Claim {
  /** At least 1. */
  readonly sizeGiB: number;
  /** @default the cluster's default class */
  readonly storageClassName?: string;
}

/** A volume or claim in a container's file system. */
export interface Mount {
  /** Name of the volume, claim or host path. */
  readonly volume: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** One file or folder of the volume, relative. @default the whole volume */
  readonly subPath?: string;
  /** @default true for configuration and secrets; false for scratch space, claims and host paths, which exist to be written */
  readonly readOnly?: boolean;
  /** `HostToContainer`: what the node mounts and unmounts below it later comes and goes here too. @default neither does, as upstream has it */
  readonly mountPropagation?: "HostToContainer";
}

/** The pod's `volumes`, in the order of their names. */
export function podVolumes(volumes: Readonly<Record<string, Volume>>, departures: PodDepartures): object[] {
  const own = Object.entries(volumes).map(([name, volume]) => ({ name, ...volumeSource(volume) }));
  const host = Object.entries(departures.hostPaths ?? {}).map(([name, { path }]) => ({ name, hostPath: { path } }));
  return [...own, ...host].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function volumeSource(volume: Volume): object {
  if ("configMap" in volume) return { configMap: { name: volume.configMap, optional: volume.optional ?? false } };
  if ("secret" in volume) {
    // 0440: fsGroup reads it, nobody writes it
    return { secret: { secretName: volume.secret, defaultMode: 0o440, optional: volume.optional ?? false } };
  }
  if ("tokenFor" in volume) {
    const { expirationSeconds, path, tokenFor: audience } = volume;
    return { projected: { sources: [{ serviceAccountToken: { audience, expirationSeconds, path } }] } };
  }
  if ("podInfo" in volume) {
    const items = volume.podInfo.map((path) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } }));
    return { downwardAPI: { items } };
  }
  const medium = volume.medium === "memory" ? { medium: "Memory" } : {};
  return { emptyDir: { ...medium, sizeLimit: bytesQuantity(volume.scratchMiB) } };
}

/** The StatefulSet's `volumeClaimTemplates`. */
export function claimTemplates(claims: Readonly<Record<string, Claim>>): object[] {
  return Object.entries(claims).map(([name, { sizeGiB, storageClassName }]) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: bytesQuantity(sizeGiB * 1024) } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
      volumeMode: "Filesystem",
    },
  }));
}

/**
 * A container's `volumeMounts`.
 *
 * @param writable whether the volume of that name exists to be written; undefined when there is none of that name
 * @throws Error when a mount names no volume, or its path is not absolute
 */
export function containerMounts(
  owner: string,
  mounts: readonly Mount[],
  writable: (volume: string) => boolean | undefined,
): object[] {
  return mounts.map(({ volume, path, subPath, readOnly, mountPropagation }) => {
    const isWritable = writable(volume);
    if (isWritable === undefined) {
      throw new Error(`${owner}: a mount names volume "${volume}", must be one of volumes, claims or hostPaths`);
    }
    if (!path.startsWith("/")) throw new Error(`${owner}: mount path is "${path}", must be absolute`);
    return {
      name: volume,
      mountPath: path,
      ...(subPath ? { subPath } : {}),
      readOnly: readOnly ?? !isWritable,
      ...(mountPropagation ? { mountPropagation } : {}),
    };
  });
}
