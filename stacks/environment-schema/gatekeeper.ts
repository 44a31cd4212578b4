/** Settings of Gatekeeper. */
import { z } from "zod";
import { dnsLabel } from "./names";

export const gatekeeper = z.strictObject({
  /** Webhook pods, 1–10. @default 3, upstream's own: the webhook fails closed, so two must be left when one is drained */
  replicas: z.int().min(1).max(10).default(3),
  /** Seconds between two audits, 10–3600. @default 60, upstream's own */
  auditIntervalSeconds: z.int().min(10).max(3600).default(60),
  /** Further namespaces in which nothing is judged at admission. @default none: the exemptions of the platform are built in */
  exemptNamespaces: z.array(dnsLabel).default([]),
});
