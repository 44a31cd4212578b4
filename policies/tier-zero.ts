/**
 * Tier 0: the few rules that hold while Gatekeeper is down, because the API server itself judges by them. Each is a file
 * of `tier0/`: ValidatingAdmissionPolicies without parameters, whose lists are written into their expressions.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { policiesPath } from "./folder";
import { levelSchema, ruleIdSchema } from "./parameters";

/** Lists that a policy is given per cluster, by the name that stands after `given:`. */
const givenLists = [
  "administrators.users",
  "administrators.groups",
  "exemptNamespaces",
  "webhookWriters.users",
  "webhookWriters.groups",
] as const;

/** A variable of a policy's expressions: an expression of its own, or a list that it is given. */
const variableSchema = z.union([
  z.strictObject({ name: z.string().min(1), expression: z.string().min(1) }),
  z.strictObject({ name: z.string().min(1), given: z.enum(givenLists) }),
]);

const policySchema = z.strictObject({
  /** Name of the ValidatingAdmissionPolicy and of its binding. */
  name: z.string().regex(/^[a-z]{2}-[0-9]{2}-[-a-z0-9]+$/, "must be the rule's id and words: gk-01-gatekeeper-objects"),
  /** What the API server asks about, as its API spells it; never everything. */
  matchConstraints: z.strictObject({
    namespaceSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }).optional(),
    resourceRules: z
      .array(
        z.strictObject({
          apiGroups: z.array(z.string()).min(1),
          apiVersions: z.array(z.string()).min(1),
          resources: z.array(z.string()).min(1),
          operations: z.array(z.enum(["CREATE", "UPDATE", "DELETE", "CONNECT"])).min(1),
        }),
      )
      .min(1),
  }),
  variables: z.array(variableSchema),
  /** CEL; each violation's sentence says who may. */
  validations: z.array(z.strictObject({ expression: z.string().min(1), messageExpression: z.string().min(1) })).min(1),
});

const tierZeroRuleSchema = z.strictObject({
  id: ruleIdSchema,
  /** What holds where the rule holds, as a sentence. */
  title: z.string().min(1),
  /** Why it matters and how to comply. */
  description: z.string().min(1),
  severity: z.enum(["low", "medium", "high", "critical"]),
  /** By an environment's purpose. @default dev: that of prod */
  levels: z.strictObject({ prod: levelSchema, dev: levelSchema.optional() }),
  policies: z.array(policySchema).min(1),
  /** Where the rule comes from: pages that a reader can open. */
  sources: z.array(z.string().min(1)).min(1),
});

/** A rule of tier 0, with the name of its file. */
export type TierZeroRule = z.output<typeof tierZeroRuleSchema> & { readonly name: string };

/**
 * The rules of tier 0, by id.
 *
 * @throws Error naming the file and the field that is wrong
 */
export function tierZeroRules(): readonly TierZeroRule[] {
  loaded ??= readdirSync(policiesPath("tier0"))
    .filter((file) => file.endsWith(".yaml"))
    .map(readRule)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return loaded;
}

/** Read once: every cluster asks for them. */
let loaded: readonly TierZeroRule[] | undefined;

function readRule(file: string): TierZeroRule {
  const rule = tierZeroRuleSchema.safeParse(parse(readFileSync(policiesPath("tier0", file), "utf8")));
  if (!rule.success) {
    const faults = rule.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
    throw new Error(`policies/tier0/${file}: ${faults.join("; ")}`);
  }
  return { ...rule.data, name: file.replace(/\.yaml$/, "") };
}
