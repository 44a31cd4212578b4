/** Settings of cert-manager. */
import { z } from "zod";
import { dnsLabel } from "./names";

export const certManager = z.strictObject({
  /** Who installs it: `managed` here, or `external` by someone else (then only the issuers are made). @default managed */
  management: z.enum(["managed", "external"]).default("managed"),
  /** Controller pods, 2–5; one leads, the others take over. @default 2, upstream's advice for production */
  controllerReplicas: z.int().min(2).max(5).default(2),
  /** Webhook pods, 2–5. @default 3, upstream's advice for production: its webhook fails closed */
  webhookReplicas: z.int().min(2).max(5).default(3),
  /** Secret in cert-manager's namespace with the CA that all clusters share (`tls.crt`, `tls.key`): from the secret store where the environment has one, else brought by whoever keeps secrets. @default none: each cluster makes its own CA, and no cluster's mesh trusts another's */
  caSecretName: dnsLabel.optional(),
});
