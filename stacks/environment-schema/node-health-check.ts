/** Settings of node health checks. */
import { z } from "zod";
import { dnsLabel } from "./names";

const remediationStep = z.strictObject({
  /** `group/version` of the template, as its remediator's CustomResourceDefinition says. */
  apiVersion: z.string().regex(/^[^/]+\/[^/]+$/, "must be group/version"),
  /** Kind of the template. */
  kind: z.string().regex(/^[A-Z]\w*Template$/, "must end in Template"),
  /** Name of the template. */
  name: dnsLabel,
  /** Namespace of the template. */
  namespace: dnsLabel,
  /** Seconds until the next step begins, 60–86400; of no meaning for the last one. @default 300 */
  timeoutSeconds: z.int().min(60).max(86_400).default(300),
});

export const nodeHealthCheck = z.strictObject({
  /** Who installs the operator: `managed` here; `external` by someone else (then only the check is made); `off`: then nothing is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** What is done about a lost node, one step after the other: templates of remediators, which are yours to install. @default none: nothing is done, and no check is made */
  remediation: z.array(remediationStep).default([]),
  /** Workers that may be unhealthy at once: a whole number of 1 or more, or `1%`–`50%`; with more, nothing is remediated. @default 1 */
  maxUnhealthy: z
    .string()
    .regex(/^([1-9][0-9]*|([1-9]|[1-4][0-9]|50)%)$/, 'must be a whole number in quotes, such as "2", or "1%" to "50%"')
    .default("1"),
  /** Seconds for which a node must not be ready, 60–3600. @default 300, upstream's own */
  unhealthySeconds: z.int().min(60).max(3600).default(300),
  /** Operator pods, 2–5; one leads, the others take over. @default 2, upstream's own */
  replicas: z.int().min(2).max(5).default(2),
});
