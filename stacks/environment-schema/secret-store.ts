/** Where Secrets come from that clusters share, and how long what they let one another in with is valid. */
import { z } from "zod";
import { dnsLabel } from "./names";

export const secretStore = z.strictObject({
  /** `external-secrets`: a store that the team keeps, read by External Secrets Operator, which the team runs on every cluster. `sandbox`: an encrypted folder of this machine. */
  kind: z.enum(["external-secrets", "sandbox"]),
  /** Name of the operator's ClusterSecretStore, the same on every cluster. Must be given for `external-secrets`, and for nothing else. */
  name: dnsLabel.optional(),
  /** Program, with its first arguments, by which `fleetwright credentials` reaches the store: called with `get <entry>`, `put <entry>` or `delete <entry>`, contents as JSON on its input and output. @default none: then credentials are made by other means */
  program: z.array(z.string().min(1)).min(1).optional(),
});

export const credentials = z.strictObject({
  /** Hours that a token is valid which lets one cluster into another, 1–720. An API server may grant less, Amazon EKS 24. @default 168, a week: renewed after two thirds of it, so that a long weekend without renewal ends nothing */
  lifetimeHours: z.int().min(1).max(720).default(168),
});
