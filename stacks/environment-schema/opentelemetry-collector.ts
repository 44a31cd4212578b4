/** Settings of the OpenTelemetry Collector. */
import { z } from "zod";
import { cidr, labelKey } from "./names";

export const openTelemetryCollector = z
  .strictObject({
    /** Who installs it: `managed` here, or `external` by someone else (then nothing is made). @default managed */
    management: z.enum(["managed", "external"]).default("managed"),
    /** Fewest gateway pods, 2–20. @default 2, so that one is left when a node is drained */
    gatewayReplicas: z.int().min(2).max(20).default(2),
    /** Most gateway pods, `gatewayReplicas`–100; in between the autoscaler chooses. @default five times `gatewayReplicas` */
    gatewayMaxReplicas: z.int().min(2).max(100).optional(),
    /** Sampler pods, 2–50; a change moves traces between them. @default 2, so that one is left when a node is drained */
    samplerReplicas: z.int().min(2).max(50).default(2),
    /** Which traces are kept; those with an error always are. */
    sampling: z
      .strictObject({
        /** Share of the others that is kept, in percent, 0–100. @default 10 */
        percentage: z.int().min(0).max(100).default(10),
        /** Traces that take longer are kept, milliseconds, 1–600000. @default 2000 */
        slowMilliseconds: z.int().min(1).max(600_000).default(2000),
        /** Seconds from a trace's first span to the decision, 5–300. @default 30, upstream's own */
        decisionWaitSeconds: z.int().min(5).max(300).default(30),
        /** Traces that one sampler holds until it decides, 1000–1000000. @default 50000, upstream's own */
        tracesInMemory: z.int().min(1000).max(1_000_000).default(50_000),
      })
      .prefault({}),
    /** The hub's load balancer to which spokes bring their telemetry, made where there are spokes; its name is `otlp.<hub.ingestDomain>`. */
    ingest: z
      .strictObject({
        /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. @default none */
        serviceAnnotations: z.record(labelKey, z.string()).default({}),
        /** Ranges of addresses that it takes connections from: those that the spokes come from. @default none: from every address; who has no certificate of the platform's CA is served nowhere */
        sourceRanges: z.array(cidr).default([]),
        /** Ranges of its own addresses, where spokes may send. @default every address */
        cidrs: z.array(cidr).min(1).optional(),
      })
      .prefault({}),
  })
  .refine(({ gatewayMaxReplicas: most, gatewayReplicas: fewest }) => most === undefined || most >= fewest, {
    path: ["gatewayMaxReplicas"],
    message: "must be at least gatewayReplicas: there are never fewer than the fewest",
  });
