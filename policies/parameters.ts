/**
 * What an environment says about the rules: per cluster and rule a level and parameters. One JSON, computed by
 * `stacks/`, is both the policy pack's configuration and the source of the constraints' `spec.parameters`.
 */
import { z } from "zod";
import { type Exemption, exemptionSchema, isInForce } from "./exemption";

/** What a violation means: `deny` refuses, `warn` reports, `off` neither judges a deployment nor makes a constraint. */
export const levelSchema = z.enum(["deny", "warn", "off"]);

export type Level = z.output<typeof levelSchema>;

/**
 * How far a cluster is on its way back: being rebuilt, being restored, or as it should be. What rules mean at its API
 * server depends on it; what they mean in previews does not.
 */
export const policyPhaseSchema = z.enum(["bootstrap", "recover", "enforce"]);

export type PolicyPhase = z.output<typeof policyPhaseSchema>;

/** What it means that a rule of level `deny` cannot judge: `deny` refuses as a denial does, `warn` reports. */
export const undeterminedSchema = z.enum(["deny", "warn"]);

/** A rule's identifier: two letters of its family and a number, such as `IM-03`. */
export const ruleIdSchema = z
  .string()
  .regex(/^[A-Z]{2}-\d{2}$/, "a rule's id is two letters, a dash, two digits: IM-03");

const ruleSettingsSchema = z.strictObject({
  level: levelSchema,
  /** As the rule's `meta.yaml` describes them; `{}` for a rule that takes none. There are no defaults. */
  parameters: z.looseObject({
    /** What every rule takes: objects that it does not judge. Those that have ended are among them. @default none */
    exemptions: z.array(exemptionSchema).min(1).optional(),
  }),
});

export type RuleSettings = z.output<typeof ruleSettingsSchema>;

/** The same on a day, without the exemptions that have ended by then. */
export const settingsOn = (settings: RuleSettings, day: string): RuleSettings =>
  exempting(settings, (exemption) => isInForce(exemption, day));

/** The same for an object of a namespace, `""` for none: exemptions of others cannot apply, and reading them takes time. */
export const settingsIn = (settings: RuleSettings, namespace: string): RuleSettings =>
  exempting(settings, (exemption) => exemption.namespace === namespace);

function exempting(settings: RuleSettings, applies: (exemption: Exemption) => boolean): RuleSettings {
  const { exemptions, ...others } = settings.parameters;
  if (!exemptions) return settings;
  const left = exemptions.filter(applies);
  return { ...settings, parameters: left.length > 0 ? { ...others, exemptions: left } : others };
}

const clusterRulesSchema = z.strictObject({
  /** The environment's name. */
  environment: z.string().min(1),
  /** @default warn: only an environment that says so refuses what is not known yet */
  undetermined: undeterminedSchema.optional(),
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
