/** Settings of Alertmanager, and how a team is told of alerts. */
import { z } from "zod";
import { cidr, dnsLabel, labelKey } from "./names";

export const alertmanager = z.strictObject({
  /** Who installs it: `managed` here on the hub, `external` by someone else, or `off`: in both cases nothing is made and no alert is sent. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Pods, 2–7. @default 3, so that two still agree when one is away */
  replicas: z.int().min(2).max(7).default(3),
  /** Volume of each pod, GiB, 1–100: silences and what was told. @default 1 */
  storageGiB: z.int().min(1).max(100).default(1),
  /** Secret in its namespace whose keys are the teams' names, and `dead-mans-switch`: the address or key by which each is told. @default alertmanager-receivers */
  receiversSecretName: dnsLabel.default("alertmanager-receivers"),
  /** Whether the alert that always fires is sent to the webhook of the key `dead-mans-switch`, which raises an alarm when it stops. @default false */
  deadMansSwitch: z.boolean().default(false),
  /** Annotations of the Service of type LoadBalancer by which spokes reach it. @default none */
  serviceAnnotations: z.record(labelKey, z.string()).default({}),
  /** Ranges from which spokes reach it. @default none: every range, and who shows no certificate is not served */
  sourceRanges: z.array(cidr).default([]),
});

export const teamAlerts = z
  .strictObject({
    /** Who is told: a webhook, a Slack channel, a PagerDuty service, or nobody. Its address or key stands in Alertmanager's Secret. @default none */
    receiver: z.enum(["webhook", "slack", "pagerduty", "none"]).default("none"),
    /** Slack channel, with `#`; for `slack` only. */
    channel: z
      .string()
      .regex(/^#[a-z0-9_-]{1,79}$/, "must be a Slack channel such as #payments-alerts")
      .optional(),
    /** Team that is told as well of a critical alert that lasts: another key of `teams`. @default nobody */
    escalateTo: dnsLabel.optional(),
    /** Minutes that it must last, 1–1440. @default 30 */
    escalateAfterMinutes: z.int().min(1).max(1440).default(30),
  })
  .refine(({ channel, receiver }) => (receiver === "slack") === (channel !== undefined), {
    path: ["channel"],
    message: "must be given for receiver slack, and for no other",
  });
