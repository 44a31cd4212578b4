/**
 * An exemption as it stands among the parameters of a rule: what somebody agreed that the rule does not judge. The same
 * list reaches the policy pack and the constraint, where `lib/exemption.rego` reads it; who agreed, why and until when
 * stands beside it for whoever looks at the constraint.
 */
import { z } from "zod";

export const exemptionSchema = z.strictObject({
  /** Team that answers for it. */
  owner: z.string().min(1),
  /** Why, as a sentence. */
  reason: z.string().min(1),
  /** Last day on which it holds, UTC: `2027-03-31`. */
  expires: z.iso.date(),
  /** API group of the object, `""` for the core. */
  group: z.string(),
  kind: z.string().min(1),
  /** `""` for objects of the cluster. */
  namespace: z.string(),
  /** `""` for controllers whose names are made while they run: their Pods are exempt, whatever they are called. */
  name: z.string(),
  /** Field paths of the object, and all below them; none: all of it. */
  paths: z.array(z.string().min(1)).optional(),
});

export type Exemption = z.output<typeof exemptionSchema>;

/** What `exemptions` is in the schema of every rule's parameters. */
const PARAMETER = {
  description: "Objects that the rule does not judge, by agreement.",
  type: "array",
  items: {
    type: "object",
    required: ["group", "kind", "name", "namespace"],
    properties: {
      ...Object.fromEntries(
        ["expires", "group", "kind", "name", "namespace", "owner", "reason"].map((name) => [name, { type: "string" }]),
      ),
      paths: { type: "array", items: { type: "string" } },
    },
  },
};

/** The OpenAPI schema of a rule's parameters together with what every rule takes. */
export function withExemptions(parameters: Readonly<Record<string, unknown>> | undefined): object {
  const { properties = {}, ...schema } = parameters ?? {};
  return { type: "object", ...schema, properties: { ...Object(properties), exemptions: PARAMETER } };
}

/** A day as exemptions name it, UTC. */
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** Whether an exemption still holds on a day. */
export const isInForce = ({ expires }: Pick<Exemption, "expires">, day: string): boolean => expires >= day;

/** `DaemonSet chaos-mesh/chaos-daemon`, `Pods of any DataUpload in velero`. */
export function exemptedObject({ kind, name, namespace }: Pick<Exemption, "kind" | "name" | "namespace">): string {
  if (name === "") return `Pods of any ${kind} in ${namespace}`;
  return `${kind} ${[namespace, name].filter((part) => part !== "").join("/")}`;
}
