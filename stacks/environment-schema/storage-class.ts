/** What an environment file says of one storage class. */
import { z } from "zod";
import { cloudKinds } from "./cluster";
import { dnsLabel } from "./names";

export const storageClass = z.strictObject({
  /** CSI driver by cloud kind. @default the cluster's own cloud kind */
  driver: z.enum(cloudKinds).optional(),
  /** Clusters that get the class. @default all */
  clusters: z.array(dnsLabel).min(1).optional(),
  /** Whether claims that name no class get this one; exactly one class per cluster says so. @default false */
  default: z.boolean().default(false),
  /** Volume type as the driver spells it (`gp3`, `pd-balanced`, `Premium_LRS`). @default the driver table's */
  type: z.string().min(1).optional(),
  /** What becomes of a volume whose claim is deleted. @default by purpose: Retain in production, because a deleted claim must not delete data; Delete in development */
  reclaimPolicy: z.enum(["Delete", "Retain"]).optional(),
  /** When a volume is made: for its first pod, or at once. @default WaitForFirstConsumer, so that a volume is made in the zone of its pod */
  volumeBindingMode: z.enum(["WaitForFirstConsumer", "Immediate"]).default("WaitForFirstConsumer"),
  /** Zones in which volumes may be made; a subset of the cluster's. @default no restriction: with WaitForFirstConsumer the scheduler decides */
  zones: z.array(z.string().min(1)).min(1).optional(),
  /** Whether claims may grow. @default true */
  allowVolumeExpansion: z.boolean().default(true),
  /** Encryption key as the driver names it (KMS key ARN, key URI, disk encryption set id). @default the cloud's own managed key */
  encryptionKey: z.string().min(1).optional(),
  /** File system of the volume. @default ext4, the CSI drivers' own default */
  fsType: z.enum(["ext4", "xfs"]).default("ext4"),
  /** Further driver parameters, as its own documentation names them. @default none */
  parameters: z.record(z.string().min(1), z.string()).default({}),
  /** Whether volumes of the class can be snapshotted: adds a VolumeSnapshotClass. @default true */
  snapshots: z.boolean().default(true),
});
