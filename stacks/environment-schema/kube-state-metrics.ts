/** Settings of kube-state-metrics. */
import { z } from "zod";

export const kubeStateMetrics = z.strictObject({
  /** Who installs it: `managed` here, `external` by someone else, or `off`: in both cases nothing is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Memory, MiB, 64–65536: every watched object is in memory. @default 256, enough for some thousand pods */
  memoryMiB: z.int().min(64).max(65_536).default(256),
});
