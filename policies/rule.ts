/**
 * A rule as its `meta.yaml` describes it, and as the compiled catalogue keeps it.
 */
import { z } from "zod";
import { levelSchema, ruleIdSchema } from "./parameters";

/** A kind of object that a rule looks at, in every version of its group. */
const matchedKindSchema = z.strictObject({
  /** `""` is the core group. */
  group: z.string(),
  kind: z.string().min(1),
});

export type MatchedKind = z.output<typeof matchedKindSchema>;

/** `policies/lib/kinds.yaml`: named sets of kinds. */
export const kindSetsSchema = z.record(z.string(), z.array(matchedKindSchema).min(1));

/**
 * What an unknown value may turn out to be; at least one that the rule denies and one that it allows. `{registries}`
 * stands for each string of that parameter, or each key of a map, `{encrypted.*.key}` for a field of each entry.
 */
const completionsSchema = z.strictObject({
  /** `image`: each value is also tried as a container, pod spec or template that holds it. `value`: as it stands. */
  shape: z.enum(["image", "value"]),
  values: z.array(z.unknown()).min(2),
});

export type Completions = z.output<typeof completionsSchema>;

/** What a rule may see beside an object, as lists under its `joined`: `engine/joins.ts` says what belongs to what. */
const joinSchema = z.enum(["networkPolicies", "publicAccessBlocks", "encryptionConfigurations", "versionings"]);

export type Join = z.output<typeof joinSchema>;

/** `meta.yaml` of a rule. */
export const ruleMetaSchema = z
  .strictObject({
    id: ruleIdSchema,
    /** What holds where the rule holds, as a sentence. */
    title: z.string().min(1),
    /** Why it matters and how to comply. */
    description: z.string().min(1),
    severity: z.enum(["low", "medium", "high", "critical"]),
    /** By an environment's purpose, production or development. @default dev: that of prod */
    levels: z.strictObject({ prod: levelSchema, dev: levelSchema.optional() }),
    points: z.array(z.enum(["preview", "admission", "audit"])).min(1),
    /** Names of sets in `lib/kinds.yaml`, or kinds. */
    match: z.array(z.union([z.string(), matchedKindSchema])).min(1),
    /** OpenAPI v3 schema of the parameters, structural, without `default`; absent for a rule that takes none. */
    parameters: z.looseObject({ type: z.literal("object"), required: z.array(z.string()).min(1) }).optional(),
    unknown: completionsSchema,
    /** What the rule sees beside the object; absent for one that judges each object by itself. Only a preview sees it. */
    joins: z.array(joinSchema).min(1).optional(),
    /** Where the rule comes from: pages and files that a reader can open. */
    sources: z.array(z.string().min(1)).min(1),
  })
  .refine(({ joins, points }) => !joins || points.every((point) => point === "preview"), {
    path: ["points"],
    message: "must be preview alone where a rule has joins: Gatekeeper sees one object at a time",
  });

export type RuleMeta = z.output<typeof ruleMetaSchema>;

/** How a rule's folder is called: lower-case words with dashes between them. */
export const RULE_NAME = /^[a-z]+(-[a-z]+)*$/;

/** The Rego package of the rule of that name. */
export const packageOf = (name: string): string => `fleetwright.${name.replaceAll("-", "_")}`;

/** The decision that says which violations of a rule exemptions cover. */
export const exemptedEntrypoint = ({ entrypoint }: Pick<Rule, "entrypoint">): string =>
  entrypoint.replace(/\/violation$/, "/exempted");

/** Each parameter of a rule with what its `meta.yaml` says of it. */
export function describedParameters({
  parameters,
}: Pick<Rule, "parameters">): (readonly [name: string, description: string])[] {
  const { properties = {} } = (parameters ?? {}) as { properties?: Record<string, { description?: string }> };
  return Object.entries(properties).map(([name, { description = "" }]) => [name, description]);
}

/** Whether a rule looks at resources of a cloud, which belong to no cluster: `s3.aws.pulumi.com`. */
export const isOfInfrastructure = ({ match }: Pick<Rule, "match">): boolean =>
  match.every(({ group }) => group.endsWith(".pulumi.com"));

/** A rule in `compiled/rules.json`. */
export interface Rule extends Omit<RuleMeta, "match"> {
  /** The name of its folder: `image-registry`. */
  readonly name: string;
  /** Its kind at Gatekeeper: `FleetwrightImageRegistry`. */
  readonly kind: string;
  /** Its decision in `policy.wasm`: `fleetwright/image_registry/violation`. */
  readonly entrypoint: string;
  readonly match: readonly MatchedKind[];
}
