/** Settings of Velero. */
import { z } from "zod";

export const velero = z.strictObject({
  /** Who installs it: `managed` here; `external` by someone else, or `off`: then nothing is made. @default managed where the environment has a bucket for it, and in the sandbox; off elsewhere */
  management: z.enum(["managed", "external", "off"]).optional(),
  /** Hour of the day in UTC in which the first tenant's backup begins, 0–23; the others follow 5 minutes apart. @default 2 */
  hourUtc: z.int().min(0).max(23).default(2),
  /** Days for which a backup is kept, 1–365. @default 30, upstream's own */
  retentionDays: z.int().min(1).max(365).default(30),
  /** Whether Velero may write to all namespaces, as a restore must; otherwise it reads all and writes snapshots. @default false: a restore is rare, and somebody's decision */
  restores: z.boolean().default(false),
});
