/** Settings of the Vertical Pod Autoscaler. */
import { z } from "zod";

export const verticalPodAutoscaler = z.strictObject({
  /** Who installs the recommender: `managed` here; `external` by someone else (then recommendations are only asked for); `off`: then nothing is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Recommender pods, 2–5; one leads, the others take over. @default 2, so that one is left when a node is drained */
  replicas: z.int().min(2).max(5).default(2),
});
