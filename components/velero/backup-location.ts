/**
 * Where backups are kept. There is no location of native volume snapshots: volumes go through CSI, which needs none.
 *
 * @see https://velero.io/docs/v1.18/api-types/backupstoragelocation/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import type { ObjectStore } from "../object-store";

/** Name of the location that schedules write to: the server's default. */
export const LOCATION = "default";

/**
 * The location; none for a store that Velero cannot write to.
 *
 * @param prefix folder in the bucket: clusters that share one never see each other's backups
 */
export function backupLocation(namespace: string, prefix: string, store: ObjectStore): KubeObject[] {
  if (store.kind === "filesystem") return [];
  const { bucket, endpoint, region } = store;
  return [
    {
      apiVersion: "velero.io/v1",
      kind: "BackupStorageLocation",
      metadata: { name: LOCATION, namespace, labels: objectLabels("velero") },
      spec: {
        provider: "aws",
        default: true,
        accessMode: "ReadWrite",
        objectStorage: { bucket, prefix },
        config: {
          region,
          ...(endpoint === undefined ? {} : { s3Url: `https://${endpoint}`, s3ForcePathStyle: "true" }),
        },
      },
    },
  ];
}
