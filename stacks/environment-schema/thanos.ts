/** Settings of Thanos. */
import { z } from "zod";
import { cidr, labelKey } from "./names";

/** Days of one resolution; none shorter than 11, since hours are made of what is older than 10 days. */
const coarseDays = z.int().min(11).max(3650);

export const thanos = z
  .strictObject({
    /** Who installs it: `managed` here, on the hub; `external` by someone else, or `off`: then nothing is made. @default managed */
    management: z.enum(["managed", "external", "off"]).default("managed"),
    /** Pods of the router, of query and of its frontend each, 2–20. @default 2, so that one is left when a node is drained */
    replicas: z.int().min(2).max(20).default(2),
    /** Pods that take metrics in, 2–50; three of them keep each series, or both of two. @default 3 */
    ingestorReplicas: z.int().min(2).max(50).default(3),
    /** Hours for which ingestors keep what is uploaded already, 6–720. On a file system they keep it for `retentionDays.raw`. @default 48: a bucket that is away for a weekend loses nothing */
    localRetentionHours: z.int().min(6).max(720).default(48),
    /** Days that metrics are kept, by resolution; none shorter than the finer one. */
    retentionDays: z
      .strictObject({
        /** As they came, 3–3650: five minutes are made of what is older than 40 hours. @default 30 */
        raw: z.int().min(3).max(3650).default(30),
        /** Of five minutes each, 11–3650. @default 180 */
        fiveMinutes: coarseDays.default(180),
        /** Of an hour each, 11–3650. @default 730 */
        oneHour: coarseDays.default(730),
      })
      .prefault({}),
    /** GiB of each pod's volume. */
    storageGiB: z
      .strictObject({
        /** Of an ingestor, 1–16384. @default 50 */
        ingestor: z.int().min(1).max(16_384).default(50),
        /** Of a store gateway, 1–16384: indexes of all blocks. @default 10 */
        store: z.int().min(1).max(16_384).default(10),
        /** Of the compactor, 1–16384: the largest blocks that it joins, twice. @default 100 */
        compact: z.int().min(1).max(16_384).default(100),
      })
      .prefault({}),
    /** The load balancer by which spokes write, made where there are spokes; its name is `thanos.<hub.ingestDomain>`. */
    ingest: z
      .strictObject({
        /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. @default none */
        serviceAnnotations: z.record(labelKey, z.string()).default({}),
        /** Ranges of addresses that it takes connections from. @default none: from every address, whoever has no certificate of the platform's CA is not served */
        sourceRanges: z.array(cidr).default([]),
      })
      .prefault({}),
  })
  .refine(({ retentionDays: { fiveMinutes, oneHour, raw } }) => raw <= fiveMinutes && fiveMinutes <= oneHour, {
    path: ["retentionDays"],
    message: "must keep the coarser resolution as long as the finer: raw <= fiveMinutes <= oneHour",
  });
