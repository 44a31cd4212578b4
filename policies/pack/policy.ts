/**
 * The rules as one Pulumi policy. One and not one per rule, because the SDK unpacks a resource anew for each policy: a
 * catalogue of fifty would unpack each CustomResourceDefinition fifty times. Each violation bears its rule's id as the
 * policy's name, and the level that the resource's own cluster gives the rule.
 */
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { catalogue } from "../engine/catalogue";
import { judge, missingParameters, type Result } from "../engine/judge";
import { type AnyObject, expandLists, isList, matches } from "../engine/match";
import { type ClusterRules, type PolicyParameters, policyParametersSchema } from "../parameters";
import { known } from "./known";

/** The policy's name, and so the key of its configuration: `{ "rules": PolicyParameters }`. */
export const POLICY_NAME = "rules";

/** What the file of `--policy-pack-config` must hold. */
export function packConfiguration(parameters: PolicyParameters): object {
  return { [POLICY_NAME]: parameters };
}

/** What `reportViolation` takes besides a text: @pulumi/policy 1.21 `server.js`, not in its types. */
interface NamedViolation {
  readonly name: string;
  readonly message: string;
  readonly description: string;
  readonly enforcementLevel: "mandatory" | "advisory";
}

const DESCRIPTION = "The rules of policies/rules, judged together; each violation names its own.";

/** The policy, which reads its configuration at the first resource that a rule looks at. */
export function rulesPolicy(): ResourceValidationPolicy {
  let configuration: Configuration | undefined;
  return {
    name: POLICY_NAME,
    description: DESCRIPTION,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      const type = typeOf(args.type);
      if (!type) return;
      configuration ??= policyParametersSchema.safeParse(args.getConfig());
      const say = report as unknown as (violation: NamedViolation) => void;
      for (const violation of violationsOf(args, type, configuration)) say(violation);
    },
  };
}

type Configuration = ReturnType<typeof policyParametersSchema.safeParse>;

/** What a Pulumi type token says of a Kubernetes object that rules look at. */
interface JudgedType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isPatch: boolean;
}

const judgedTypes = new Map<string, JudgedType | undefined>();

/** `kubernetes:apps/v1:DeploymentPatch` → apps/v1, Deployment, a patch. Undefined where no rule looks. */
function typeOf(token: string): JudgedType | undefined {
  if (!judgedTypes.has(token)) judgedTypes.set(token, readType(token));
  return judgedTypes.get(token);
}

function readType(token: string): JudgedType | undefined {
  const [provider, module, name] = token.split(":");
  if (provider !== "kubernetes" || !module || !name) return undefined;
  const apiVersion = module.replace(/^core\//, "");
  const isMatched = (kind: string) => catalogue().rules.some((rule) => matches(rule, apiVersion, kind));
  if (isMatched(name) || name === "List") return { apiVersion, kind: name, isPatch: false };
  if (isList(name) && isMatched(name.slice(0, -"List".length))) return { apiVersion, kind: name, isPatch: false };
  const patched = name.slice(0, -"Patch".length);
  return name.endsWith("Patch") && isMatched(patched) ? { apiVersion, kind: patched, isPatch: true } : undefined;
}

function violationsOf(
  args: ResourceValidationArgs,
  { apiVersion, kind, isPatch }: JudgedType,
  parameters: Configuration,
): NamedViolation[] {
  if (!parameters.success) {
    const fault = parameters.error.issues[0];
    const where = fault?.path.length ? ` (${fault.path.join(".")}: ${fault.message})` : "";
    return [refusal(`the policy pack was started without the environment's parameters${where}: ${HOW_TO_START}`)];
  }
  const identifier = clusterIdentifier(args);
  const cluster = identifier === undefined ? undefined : parameters.data.clusters[identifier];
  if (!cluster) {
    const whose = identifier === undefined ? "of a provider without clusterIdentifier" : `"${identifier}"`;
    return [refusal(`undetermined: nothing is known of the rules of the cluster ${whose}: ${HOW_TO_START}`)];
  }
  const { value, unknown } = known(args.props);
  const object: AnyObject = { ...(value as object), apiVersion, kind };
  if (isList(kind) && unknown.some((path) => path.length <= 2)) {
    return [refusal(`undetermined: the objects of this ${kind} are not known yet: register each as a resource`)];
  }
  return expandLists(object).flatMap(({ object: inner, place }) => {
    const inside = unknown.filter((path) => place.every((step, index) => path[index] === step));
    const subject = { object: inner, unknown: inside.map((path) => path.slice(place.length)), isPatch };
    const results = judge(subject, (rule) => cluster.rules[rule.id]);
    return results.flatMap((result) => asViolation(result, cluster));
  });
}

const HOW_TO_START = 'type eval "$(fleetwright env <environment>)" and run pulumi again';

const refusal = (message: string): NamedViolation => ({
  name: POLICY_NAME,
  message,
  description: DESCRIPTION,
  enforcementLevel: "mandatory",
});

function clusterIdentifier(args: ResourceValidationArgs): string | undefined {
  const { value } = known(args.provider?.props);
  const identifier = (value as { clusterIdentifier?: unknown } | undefined)?.clusterIdentifier;
  return typeof identifier === "string" ? identifier : undefined;
}

/**
 * A denial counts as its level says. What an unknown value leaves open is advisory, since admission will judge it; what
 * missing parameters leave open is as grave as the rule.
 */
function asViolation(result: Result, cluster: ClusterRules): NamedViolation[] {
  const { id, verdict, level, message } = result;
  if (verdict === "allow" || level === "off") return [];
  const rule = catalogue().rule(id);
  const settings = cluster.rules[id];
  const isJudged = settings !== undefined && missingParameters(rule, settings.parameters).length === 0;
  const isGrave = level === "deny" && (verdict === "deny" || !isJudged);
  return [
    {
      name: id,
      message: `${id}${verdict === "undetermined" ? " undetermined" : ""}: ${message}`,
      description: rule.title,
      enforcementLevel: isGrave ? "mandatory" : "advisory",
    },
  ];
}
