/** Settings of Prometheus. */
import { z } from "zod";
import { dnsLabel } from "./names";

export const prometheus = z.strictObject({
  /** Who installs it: `managed` here, `external` by someone else who finds metrics and states alerts on their own, or `off`: in both cases nothing is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Pods, 2–4; each scrapes and evaluates everything. @default 2, so that one is left when a node is drained */
  replicas: z.int().min(2).max(4).default(2),
  /** Days of samples that each cluster keeps, 1–90; older ones go first. @default 15, Prometheus' own */
  retentionDays: z.int().min(1).max(90).default(15),
  /** Volume of each pod, GiB, 5–4096; samples take at most 80 % of it. @default 50 */
  storageGiB: z.int().min(5).max(4096).default(50),
  /** StorageClass of the volumes. @default the cluster's default class */
  storageClassName: dnsLabel.optional(),
  /** Memory of each pod, MiB, 512–1048576: about 4 KiB per series and half as much again for queries. @default 2048 */
  memoryMiB: z.int().min(512).max(1_048_576).default(2048),
  /** CPU request of each pod, thousandths of a core, 50–64000. @default 500 */
  cpuMillicores: z.int().min(50).max(64_000).default(500),
  /** How kubelets' certificates are judged: `verified` against the cluster's CA, or `unverified` where kubelets sign their own (kubeadm without `serverTLSBootstrap`). @default verified */
  kubeletCertificates: z.enum(["verified", "unverified"]).default("verified"),
});
