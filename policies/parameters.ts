/**
 * What an environment says about the rules: per cluster and rule a level and parameters. One JSON, computed by
 * `stacks/`, is both the policy pack's configuration and the source of the constraints' `spec.parameters`.
 */
import { z } from "zod";

/** What a violation means: `deny` refuses, `warn` reports, `off` neither judges a deployment nor makes a constraint. */
export const levelSchema = z.enum(["deny", "warn", "off"]);

export type Level = z.output<typeof levelSchema>;

/** A rule's identifier: two letters of its family and a number, such as `IM-03`. */
export const ruleIdSchema = z
  .string()
  .regex(/^[A-Z]{2}-\d{2}$/, "a rule's id is two letters, a dash, two digits: IM-03");

const ruleSettingsSchema = z.strictObject({
  level: levelSchema,
  /** As the rule's `meta.yaml` describes them; `{}` for a rule that takes none. There are no defaults. */
  parameters: z.record(z.string(), z.unknown()),
});

export type RuleSettings = z.output<typeof ruleSettingsSchema>;

const clusterRulesSchema = z.strictObject({
  /** The environment's name. */
  environment: z.string().min(1),
  /** By rule id. A rule that is not listed is undetermined here, never judged by defaults. */
  rules: z.record(ruleIdSchema, ruleSettingsSchema),
});

export type ClusterRules = z.output<typeof clusterRulesSchema>;

export const policyParametersSchema = z.strictObject({
  /** By `clusterIdentifier`, `<environment>/<cluster>`. */
  clusters: z.record(z.string().min(1), clusterRulesSchema),
  /** What holds for resources of a cloud, which belong to no cluster; absent: they are undetermined. */
  infrastructure: clusterRulesSchema.optional(),
});

export type PolicyParameters = z.output<typeof policyParametersSchema>;
