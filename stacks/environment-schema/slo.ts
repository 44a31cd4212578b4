/** What an environment file promises of one service. */
import { z } from "zod";
import { ISTIO_BUCKETS_MILLISECONDS } from "../../components/slo/indicator";
import { sliFaults } from "../../components/slo/objective";
import { dnsLabel } from "./names";

const promQl = z.string().trim().min(1);

const sli = z
  .discriminatedUnion("kind", [
    z.strictObject({
      /** Calls between programs of the mesh, as their proxies count them: 5xx and gRPC failures of the server are bad. */
      kind: z.literal("istio"),
      /** Name of the Service that is called. */
      service: dnsLabel,
      /** Its namespace. */
      namespace: dnsLabel,
      /** A slower answer is bad too, milliseconds; the bound of one of the proxies' buckets: 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000 or 60000. @default none: only failures are bad */
      latencyMilliseconds: z.literal([...ISTIO_BUCKETS_MILLISECONDS]).optional(),
    }),
    z.strictObject({
      /** Two counters. */
      kind: z.literal("availability"),
      /** Counter of bad events, a series selector such as `http_requests_total{code=~"5.."}`. */
      errors: promQl,
      /** Counter of all events, a series selector. */
      total: promQl,
    }),
    z.strictObject({
      /** A classic histogram of seconds. */
      kind: z.literal("latency"),
      /** Its series selector without `_bucket`, such as `http_request_duration_seconds{job="shop"}`. */
      histogram: promQl,
      /** An event is good up to this many seconds, 0.001–600: the bound of one of its buckets. */
      thresholdSeconds: z.number().min(0.001).max(600),
    }),
    z.strictObject({
      /** Two expressions of PromQL, for what the other kinds cannot say. */
      kind: z.literal("raw"),
      /** Bad events a second; `$window` stands where the range does: `rate(failures_total[$window])`. */
      errors: promQl,
      /** All events a second, likewise. */
      total: promQl,
    }),
  ])
  .superRefine((value, context) => {
    for (const { field, message } of sliFaults(value)) context.addIssue({ code: "custom", path: [field], message });
  });

export const slo = z.strictObject({
  /** Tenant whose service it is: a key of `tenants`; its team is told. @default none: a service of the platform's own, `owner` is told */
  tenant: dnsLabel.optional(),
  /** Clusters in which it is measured. @default those of the tenant; all, where there is none */
  clusters: z.array(dnsLabel).min(1).optional(),
  /** The service, in a word or two, as alerts say it. @default the indicator's, else the name of the SLO */
  service: z
    .string()
    .regex(/^[^"\\\n{}]{1,63}$/, "must be 1–63 characters without quotes, backslashes, braces and line ends")
    .optional(),
  /** Share of events that are good, 0.9–0.99999, such as 0.999. Below 0.9 no burn rate that calls somebody could be reached. */
  objective: z.number().min(0.9).max(0.99999),
  /** Days over which it is promised, 7–90. @default 30, for which the burn rates of the SRE workbook are stated */
  windowDays: z.int().min(7).max(90).default(30),
  /** What is measured. */
  sli,
});
