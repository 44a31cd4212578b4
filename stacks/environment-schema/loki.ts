/** Settings of Loki. */
import { z } from "zod";
import { externalStore } from "./external-store";
import { dnsLabel } from "./names";

/** Days that logs are kept. */
export const logRetentionDays = z.int().min(1).max(3650);
/** MB of logs a second that the pods of one tenant may send together. */
export const logMegabytesPerSecond = z.int().min(1).max(1000);

export const loki = z.strictObject({
  /** Who installs it: `managed` here, on the hub, where `objectStore.buckets.loki` names a bucket or in the sandbox; `external` by someone else; `off`. Where it is not, logs go to `external`, or are counted and dropped. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Where logs are sent with management external. @default none: they are dropped */
  external: externalStore.optional(),
  /** Pods, 3–30; in the sandbox there is one. @default 3: each log is in three pods, and one of them may be away */
  replicas: z.int().min(3).max(30).default(3),
  /** GiB of each pod's volume, 5–1000: what is not yet in the object store. @default 20 */
  volumeGiB: z.int().min(5).max(1000).default(20),
  /** Storage class of the volumes. @default the cluster's default class */
  storageClass: dnsLabel.optional(),
  /** Days that logs are kept, 1–3650; a tenant may have its own. @default 30 */
  retentionDays: logRetentionDays.default(30),
  /** MB of logs a second that the pods of one tenant may send together, 1–1000; a tenant may have its own. @default 4, upstream's own */
  megabytesPerSecond: logMegabytesPerSecond.default(4),
});
