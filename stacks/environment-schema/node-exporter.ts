/** Settings of the node exporter. */
import { z } from "zod";

export const nodeExporter = z.strictObject({
  /** Who installs it: `managed` here, `external` by someone else, or `off`: in both cases nothing is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
});
