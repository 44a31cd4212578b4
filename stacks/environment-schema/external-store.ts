/** A store of telemetry that somebody else runs. */
import { z } from "zod";
import { cidr } from "./names";

export const externalStore = z.strictObject({
  /** Where telemetry is sent: for traces `host:port` of OTLP over gRPC, for logs an `https` URL of OTLP over HTTP. */
  endpoint: z
    .string()
    .regex(
      /^(https:\/\/)?[a-zA-Z0-9.-]+(:[0-9]{1,5})?(\/[\w./-]*)?$/,
      "must be host:port for traces, or an https URL for logs",
    ),
  /** Who signed the store's certificate: `system`, a public CA; `platform`, the platform's, and the store asks for one of it. @default system */
  tls: z.enum(["system", "platform"]).default("system"),
  /** Header that names the tenant. @default none: the store has one tenant */
  tenantHeader: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be letters, digits and '-', such as X-Scope-OrgID")
    .optional(),
  /** Ranges of the store's addresses. @default every address */
  cidrs: z.array(cidr).min(1).optional(),
});
