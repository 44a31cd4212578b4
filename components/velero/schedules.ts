/**
 * When tenants' namespaces are backed up, one schedule per tenant: each is kept, restored and deleted by itself.
 *
 * @see https://velero.io/docs/v1.18/api-types/schedule/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels, TENANT_LABEL } from "../labels";
import { LOCATION } from "./backup-location";

/** A tenant on one cluster. */
export interface BackupTenant {
  /** DNS label. */
  readonly name: string;
  /** Its namespaces here, at least one. */
  readonly namespaces: readonly string[];
}

/** When, and for how long backups are kept. */
export interface Timetable {
  /** Hour of the day in UTC in which the first schedule begins, 0–23. */
  readonly hourUtc: number;
  /** Days for which a backup is kept, 1–365. */
  readonly retentionDays: number;
}

/** Minutes between the beginnings of two schedules, so that they do not all snapshot at once. */
const APART_MINUTES = 5;

/**
 * @param paused whether nothing is to be backed up, for want of a place
 */
export function schedules(
  namespace: string,
  tenants: readonly BackupTenant[],
  { hourUtc, retentionDays }: Timetable,
  paused: boolean,
): KubeObject[] {
  return tenants
    .filter(({ namespaces }) => namespaces.length > 0)
    .map(({ name, namespaces }, index) => {
      const minute = index * APART_MINUTES;
      return {
        apiVersion: "velero.io/v1",
        kind: "Schedule",
        metadata: { name, namespace, labels: { ...objectLabels("velero"), [TENANT_LABEL]: name } },
        spec: {
          schedule: `${minute % 60} ${(hourUtc + Math.floor(minute / 60)) % 24} * * *`,
          paused,
          // a schedule that is deleted leaves its backups
          useOwnerReferencesInBackup: false,
          template: {
            metadata: { labels: { [TENANT_LABEL]: name } },
            includedNamespaces: [...namespaces],
            // made by controllers, and dead when they are restored
            excludedResources: ["events", "events.events.k8s.io", "endpointslices.discovery.k8s.io"],
            storageLocation: LOCATION,
            snapshotVolumes: true,
            // a snapshot that stays in the cloud's own store is lost with the account
            snapshotMoveData: true,
            defaultVolumesToFsBackup: false,
            ttl: `${retentionDays * 24}h0m0s`,
            // both upstream's own: a snapshot that takes longer, or a copy, has failed
            csiSnapshotTimeout: "10m0s",
            itemOperationTimeout: "4h0m0s",
          },
        },
      };
    });
}
