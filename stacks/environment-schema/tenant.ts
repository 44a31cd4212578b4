/** Who runs programs on the platform, and who owns them. */
import { z } from "zod";
import { teamAlerts } from "./alertmanager";
import { gitops, repository } from "./delivery";
import { logMegabytesPerSecond, logRetentionDays } from "./loki";
import { account, dnsLabel, quantity } from "./names";

export const team = z.strictObject({
  /** Group, as the API server's authenticator spells it, whose members get the team's roles. */
  group: account,
  /** How its members are told of alerts. */
  alerts: teamAlerts.prefault({}),
});

export const tenant = z.strictObject({
  /** The team that owns it: a key of `teams`. */
  team: dnsLabel,
  /** Clusters that carry its namespaces. @default all */
  clusters: z.array(dnsLabel).min(1).optional(),
  /** Further repositories that Applications in the tenant's project may come from. @default none */
  repositories: z.array(repository).default([]),
  /** What Argo CD synchronises into its namespaces. @default none: its team deploys by itself */
  gitops: gitops.optional(),
  /** Namespaces of the tenant, each with what it may use in all. */
  namespaces: z.record(
    dnsLabel,
    z.strictObject({
      /** Sum of CPU requests, a quantity in cores. */
      cpu: quantity,
      /** Sum of memory requests and of memory limits, a quantity in bytes. */
      memory: quantity,
      /** Most pods at once, 1–10000. @default 50 */
      pods: z.int().min(1).max(10_000).default(50),
      /** Sum of storage that claims may ask for, a quantity in bytes. @default 100Gi */
      storage: quantity.default("100Gi"),
    }),
  ),
  /** What is kept of its logs. */
  logs: z
    .strictObject({
      /** Days that they are kept, 1–3650. @default `components.loki.retentionDays` */
      retentionDays: logRetentionDays.optional(),
      /** MB a second that its pods of all clusters may send together, 1–1000. @default `components.loki.megabytesPerSecond` */
      megabytesPerSecond: logMegabytesPerSecond.optional(),
    })
    .prefault({}),
});
