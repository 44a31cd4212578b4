/**
 * What `exemptions.yaml` may say: which object a rule does not judge, who agreed to that, why and until when. The
 * platform's own, `policies/exemptions.yaml`, has the same form.
 */
import { z } from "zod";
import { parsePath, printPath } from "../policies/engine/path";
import { dnsLabel, ruleId } from "./environment-schema/names";

const fieldPath = z.string().transform((text, context) => {
  try {
    if (text !== "") return printPath(parsePath(text));
  } catch {
    // said below
  }
  context.addIssue("must be a field path as violations say it, such as spec.template.spec.containers[0].image");
  return z.NEVER;
});

/** A name as the API server has it, where a `*` would be none. */
const exactName = z.string().regex(/^[^*?\s]+$/, "must be one exact name: an exemption has no wildcards");

export const exemptionEntry = z.strictObject({
  /** The rule, by its id. */
  rule: ruleId,
  /** Team that answers for it, a DNS label. */
  owner: dnsLabel,
  /** Why, as a sentence of 20 to 500 characters. */
  reason: z
    .string()
    .trim()
    .min(20, "must be a sentence of at least 20 characters that says why")
    .max(500, "must be at most 500 characters"),
  /** Last day on which it holds, UTC, at most 366 days ahead: somebody looks at it once a year. */
  expires: z.iso.date("must be a day such as 2027-03-31, the last on which it holds (UTC)"),
  /** Environments in which it holds, by name. `every` is for the platform's own. */
  environments: z.union(
    [z.literal("every"), z.array(dnsLabel).min(1, "must name at least one environment")],
    "must list environments by name, such as [dev, prod]",
  ),
  /** Clusters of these environments in which it holds. @default all of them */
  clusters: z.array(dnsLabel).min(1, "must name at least one cluster, or be left out").optional(),
  /** The object, exactly. What it makes is exempt as it is: ReplicaSets, Jobs and Pods. */
  object: z.strictObject({
    /** A kind that the rule looks at; or, of another group, a controller of Pods. */
    kind: z.string().regex(/^[A-Z][A-Za-z0-9]*$/, "must be a kind such as Deployment"),
    /** API group, `""` for the core. @default the one in which the rule looks at the kind */
    group: z.string().optional(),
    /** @default none, for objects of the cluster only */
    namespace: exactName.optional(),
    /** @default none, for controllers only that a rule does not look at, and whose names are made while they run */
    name: exactName.optional(),
  }),
  /** Fields of the object that are exempt, with all below them; the others are judged. @default all */
  paths: z.array(fieldPath).min(1, "must name at least one field, or be left out").optional(),
});

export type ExemptionEntry = z.output<typeof exemptionEntry>;

export const exemptionsFile = z.strictObject({ exemptions: z.array(exemptionEntry) });
