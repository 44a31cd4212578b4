/**
 * How snapshots of volumes are taken, one class per storage class.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import { STORAGE_DRIVERS, type StorageKind } from "../storage-drivers";

/** A storage class whose volumes can be snapshotted. */
export interface SnapshotClassArgs {
  /** Name of the storage class and of the snapshot class. */
  readonly name: string;
  /** Cloud kind, which decides the driver. */
  readonly kind: StorageKind;
  /** What becomes of a volume whose claim is deleted; the snapshot follows it. */
  readonly reclaimPolicy: "Delete" | "Retain";
  /** Whether snapshots that name no class take this one; per driver exactly one does. */
  readonly isDefault: boolean;
  /** Every parameter of the storage class. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The snapshot outlives its VolumeSnapshot exactly where the volume outlives its claim. */
export function snapshotClass({ isDefault, kind, name, parameters, reclaimPolicy }: SnapshotClassArgs): KubeObject {
  const driver = STORAGE_DRIVERS[kind];
  const own = Object.entries(driver.snapshotParameters).map(([key, from]) => [key, parameters[from]]);
  return {
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: {
      name,
      labels: objectLabels("storage-classes"),
      annotations: { "snapshot.storage.kubernetes.io/is-default-class": String(isDefault) },
    },
    driver: driver.provisioner,
    deletionPolicy: reclaimPolicy,
    ...(own.length > 0 ? { parameters: Object.fromEntries(own) } : {}),
  };
}
