/** Settings of Argo Rollouts. */
import { z } from "zod";

export const argoRollouts = z.strictObject({
  /** Who installs it: `managed` here; `external` by someone else (then only what canaries are judged by is made), or `off`: then nothing of it is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Controller pods, 2–5; one leads, the others take over. @default 2: one is left when a node is drained */
  replicas: z.int().min(2).max(5).default(2),
});
