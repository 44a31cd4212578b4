/** What an environment says of an experiment. */
import { z } from "zod";
import { DAYS } from "../../components/experiment/window";
import { unclosedFault } from "../../components/promql";
import { dnsLabel, labelKey, labelValue } from "./names";

const milliseconds = (most: number) => z.int().min(1).max(most);

/** A span of time: a number of seconds or minutes, `90s` or `10m`. */
const SPAN = /^[1-9][0-9]{0,3}(s|m)$/;
const SPAN_FORM = "must be a number of seconds or minutes, such as 90s or 10m";
const span = z.string().regex(SPAN, SPAN_FORM);

/** The sentence for a field without which an experiment is refused. */
const required = (why: string) => ({
  error: ({ input }: { readonly input?: unknown }) => (input === undefined ? `must be there: ${why}` : undefined),
});

/** What is done to the target's pods, by its kind. */
export const fault = z.discriminatedUnion("kind", [
  /** Pods are deleted once, at the beginning. */
  z.strictObject({
    kind: z.literal("pod-kill"),
    /** Seconds that a pod gets to end, 0–300. @default 0: killed, not asked */
    graceSeconds: z.int().min(0).max(300).default(0),
  }),
  /** Pods stay and do nothing. */
  z.strictObject({ kind: z.literal("pod-failure") }),
  /** Every pod of the target in one zone stays and does nothing. */
  z.strictObject({
    kind: z.literal("zone-loss"),
    /** One of the cluster's zones. */
    zone: z.string().min(1),
  }),
  /** What pods send arrives later. */
  z.strictObject({
    kind: z.literal("network-delay"),
    /** Milliseconds, 1–10000. @default 150: a peer on another continent */
    latencyMilliseconds: milliseconds(10_000).default(150),
    /** Give or take so many milliseconds, 0–10000. @default 0 */
    jitterMilliseconds: z.int().min(0).max(10_000).default(0),
  }),
  /** A share of what pods send is lost. */
  z.strictObject({
    kind: z.literal("network-loss"),
    /** Percent, 1–100. @default 10 */
    percent: z.int().min(1).max(100).default(10),
  }),
  /** The API server gets the answers of the pods' webhooks later. */
  z.strictObject({
    kind: z.literal("webhook-delay"),
    /** Milliseconds, 1–30000. @default 2000: within the usual timeouts, and felt by every request */
    latencyMilliseconds: milliseconds(30_000).default(2000),
  }),
  /** Reading and writing files below a mounted folder takes longer. */
  z.strictObject({
    kind: z.literal("io-stress"),
    /** Where the volume is mounted, an absolute path. */
    volumePath: z.string().regex(/^(\/[^/]+)+$/, "must be an absolute path without a slash at its end"),
    /** Milliseconds, 1–10000. @default 100: a disk that is throttled */
    delayMilliseconds: milliseconds(10_000).default(100),
    /** Percent of the calls, 1–100. @default 100 */
    percent: z.int().min(1).max(100).default(100),
  }),
  /** Processes see a wrong clock. */
  z.strictObject({
    kind: z.literal("clock-skew"),
    /** Seconds ahead, or behind where below 0; up to a day. @default -600: ten minutes behind, more than tokens allow for */
    offsetSeconds: z
      .int()
      .min(-86_400)
      .max(86_400)
      .refine((seconds) => seconds !== 0, "must not be 0: nothing would happen")
      .default(-600),
  }),
]);

export const experimentSetting = z.strictObject({
  /** What is believed to hold while the fault is on, one sentence. */
  hypothesis: z.string().min(10),
  /** The objective that must hold: a key of `slos`. */
  slo: dnsLabel,
  /** Whose pods. */
  target: z.strictObject({
    /** A tenant that `components.chaosMesh.targets` names. */
    tenant: dnsLabel,
    /** One of its namespaces. */
    namespace: dnsLabel,
    /** Labels that select the pods, at least one. */
    labels: z
      .record(
        labelKey,
        z.union(
          [z.literal(""), labelValue],
          "must be the value of a label: at most 63 letters, digits, '-', '_' and '.'",
        ),
      )
      .refine((labels) => Object.keys(labels).length > 0, "must have one label at least"),
    /** Clusters in which it may run. @default all that carry the tenant */
    clusters: z.array(dnsLabel).min(1).optional(),
  }),
  /** What is done to them. */
  fault,
  /** The most that is hit. */
  blastRadius: z.strictObject(
    {
      /** Percent of the target's pods, 1–50; at most 34 in production, one zone of three. A lost zone counts as its share of the zones. */
      percent: z.int().min(1).max(100),
    },
    required("all of the target's pods would be hit"),
  ),
  /** How long the fault is on, from 60 s to 60 m; at most 30 m in production. */
  duration: z.string(required("the fault would have no end")).regex(SPAN, SPAN_FORM),
  /** When it ends early: `slo`, once the objective burns so fast that somebody would be called; or once a query is above its threshold. Either way once nothing is known. */
  abort: z.union(
    [
      /** Once the objective burns its budget so fast that somebody would be called. */
      z.literal("slo"),
      z.strictObject({
        /** PromQL with one number; asked every 15 s. */
        query: z
          .string()
          .min(1)
          .superRefine((query, context) => {
            const message = unclosedFault(query);
            if (message !== undefined) context.addIssue({ code: "custom", message });
          }),
        /** The number above which it ends. */
        threshold: z.number(),
      }),
    ],
    {
      error: ({ input }) =>
        input === undefined
          ? "must be there: nothing would end the experiment before its time"
          : "must be the word slo, or a query and its threshold",
    },
  ),
  /** What must be true afterwards. */
  cleanup: z
    .strictObject({
      /** Within which the objective holds again, from 120 s to 60 m. @default 5m */
      within: span.default("5m"),
      /** Runs that are kept to be read, 1–20. @default 3 */
      keepRuns: z.int().min(1).max(20).default(3),
    })
    .prefault({}),
  /** When in the week it may run, UTC; two experiments on the same pods never share a moment. */
  window: z
    .strictObject({
      /** Day of the week. @default tuesday: neither before a weekend nor after one */
      day: z.enum(DAYS).default("tuesday"),
      /** Time of that day, `HH:MM`, UTC. @default 10:00: those who can help are at work */
      time: z
        .string()
        .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, "must be HH:MM")
        .default("10:00"),
    })
    .prefault({}),
});
