/**
 * What the policy pack says of one resource: each violation under its rule's id, and as grave as the resource's own
 * cluster makes the rule.
 */
import { catalogue } from "../engine/catalogue";
import { judge, type Result, type Subject } from "../engine/judge";
import { type AnyObject, expandLists, isList } from "../engine/match";
import type { Path } from "../engine/path";
import type { GraphResult } from "../graph/judgement";
import type { PartialSet } from "../graph/partial-set";
import { type ClusterRules, type PolicyParameters, policyParametersSchema, settingsOn } from "../parameters";
import { refuses } from "../refusal";
import { cloudObject } from "./cloud";
import { ExemptionTally } from "./exemption-tally";
import { type JudgedType, judgedType } from "./judged-type";
import { isKnownRule, packGraphRules, packRule } from "./pack-rules";
import { type Unreadable, unreadable } from "./unreadable";
import { type Received, received } from "./values";

/** The policy under which the configuration stands, and whose violations say that nothing could be judged. */
export const POLICY_NAME = "rules";

/** The policy under which exemptions are counted. */
export const EXEMPTIONS_POLICY = { name: "exemptions", description: "What is exempt from rules is counted." };

/** What a run begins with: refused here, `up` changes nothing. */
const STACK_TYPE = "pulumi:pulumi:Stack";

/** What the file of `--policy-pack-config` must hold: the engine wants policies' names as keys. */
export function packConfiguration(parameters: PolicyParameters): object {
  return { [POLICY_NAME]: parameters };
}

/** A resource as the engine sends it; unknown and secret values are marked. */
export interface PackResource {
  /** Pulumi type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly properties: unknown;
  /** Properties of the provider that the resource was given. */
  readonly provider: unknown;
}

export interface PackViolation {
  /** A rule's id, or {@link POLICY_NAME}. */
  readonly policy: string;
  readonly description: string;
  readonly message: string;
  /** Refuses the deployment; else only reported. */
  readonly isMandatory: boolean;
}

/** Whether anything is said of resources of a type: all others need not even be read. */
export function isJudged(token: string): boolean {
  return token === STACK_TYPE || judgedType(token) !== undefined || unreadable(token) !== undefined;
}

/** The rules as one environment configures them, for one run of the engine. */
export class RulesPolicy {
  readonly #configuration: ReturnType<typeof policyParametersSchema.safeParse>;
  readonly #tally: ExemptionTally;
  #unknown: readonly string[] | undefined;

  /**
   * @param configuration what arrived under {@link POLICY_NAME}; a wrong one makes every judgement a refusal
   * @param now the clock by which exemptions end
   */
  constructor(configuration: unknown, now = () => new Date()) {
    this.#configuration = policyParametersSchema.safeParse(configuration);
    this.#tally = new ExemptionTally(this.#configuration.data ?? { clusters: {} }, now);
  }

  /** What is said once all resources were judged: of exemptions, and never grave. */
  conclusion(): PackViolation[] {
    const { description, name } = EXEMPTIONS_POLICY;
    return this.#tally.conclusion().map((message) => ({ policy: name, description, message, isMandatory: false }));
  }

  violations(resource: PackResource): PackViolation[] {
    if (resource.type === STACK_TYPE) return this.#tally.ended().map(asRefusal);
    const hidden = unreadable(resource.type);
    if (hidden) return [unseen(hidden)];
    const type = judgedType(resource.type);
    if (!type) return [];
    const cluster = clusterIdentifier(resource.provider);
    const rules = this.rulesFor(type, cluster);
    if ("refused" in rules) return [refusal(rules.refused)];
    const properties = received(resource.properties);
    if (isList(type.kind) && properties.unknown.some(isListOrItem)) {
      return [refusal(`the objects of this ${type.kind} are not known yet; register each as a resource of its own`)];
    }
    if (!type.isJudgedAlone) return [];
    return subjects(type, properties).flatMap((subject) =>
      this.judged(subject, rules, cluster).flatMap((one) => asViolation(one, rules, properties.secrets)),
    );
  }

  /**
   * What the environment says of the rules where a resource is, or why nothing is known of it.
   *
   * @param identifier of the cluster that its provider leads to
   */
  rulesFor({ isOfCloud }: JudgedType, identifier: string | undefined): ClusterRules | { readonly refused: string } {
    const { data, error } = this.#configuration;
    if (!data) {
      const fault = error.issues[0];
      const where = fault?.path.length ? `${fault.path.join(".")}: ${fault.message}` : "no configuration";
      return { refused: `the policy pack was started without the environment's parameters (${where})` };
    }
    this.#unknown ??= unknownRules(data);
    if (this.#unknown.length > 0) {
      return { refused: `this pack has no rules ${this.#unknown.join(", ")}, which the environment configures` };
    }
    if (isOfCloud) return data.infrastructure ?? { refused: "nothing is known of the rules of a cloud's resources" };
    const whose = identifier === undefined ? "of a provider without clusterIdentifier" : `"${identifier}"`;
    const cluster = new Map(Object.entries(data.clusters)).get(identifier ?? "");
    return cluster ?? { refused: `nothing is known of the rules of the cluster ${whose}` };
  }

  /** What the rules of a place say of a subject, and counts what is exempt there. */
  judged(subject: Subject, { rules }: ClusterRules, cluster = "", asked = catalogue().rules): Result[] {
    const { day } = this.#tally;
    // what a rule that is off would say is not shown
    const heard = asked.filter(({ id }) => rules[id]?.level !== "off");
    const results = judge(subject, ({ id }) => rules[id] && settingsOn(rules[id], day), heard);
    this.#tally.add(cluster, results);
    return results;
  }

  /** What the rules over sets say of the objects that a stack registers for a cluster. */
  judgedTogether(set: PartialSet, { rules }: ClusterRules, cluster = ""): GraphResult[] {
    const { day } = this.#tally;
    const heard = packGraphRules().filter(({ id }) => rules[id]?.level !== "off");
    const results = heard.flatMap((rule) => {
      const settings = rules[rule.id];
      return set.judge(rule, settings && settingsOn(settings, day));
    });
    this.#tally.add(cluster, results);
    return results;
  }
}

/** An exemption that has ended refuses, whatever the level of its rule: whoever agreed to it decides anew. */
const asRefusal = ({ id, message }: { id: string; message: string }): PackViolation => ({
  policy: id,
  description: packRule(id).title,
  message,
  isMandatory: true,
});

/** Ids of a team's own rules, where the pack was started outside of its project: they would be passed over in silence. */
function unknownRules({ clusters }: PolicyParameters): string[] {
  const configured = Object.values(clusters).flatMap(({ rules }) => Object.keys(rules));
  return [...new Set(configured)].filter((id) => !isKnownRule(id));
}

/** Whether nobody knows how many objects a list has, or what one of them is. */
const isListOrItem = (path: Path) => path.length <= 2 && (path[0] ?? "items") === "items";

const unseen = ({ reason, isMandatory }: Unreadable): PackViolation => ({
  policy: POLICY_NAME,
  description: "What is deployed can be read by the rules.",
  message: `undetermined: ${reason}`,
  isMandatory,
});

function refusal(reason: string): PackViolation {
  const message = `undetermined: ${reason}: type eval "$(fleetwright env <environment>)" and run pulumi again`;
  return { policy: POLICY_NAME, description: "Every rule needs its parameters.", message, isMandatory: true };
}

/** Of the cluster that a provider leads to. */
export function clusterIdentifier(provider: unknown): string | undefined {
  const { value } = received(provider);
  const identifier = (value as { clusterIdentifier?: unknown } | undefined)?.clusterIdentifier;
  return typeof identifier === "string" ? identifier : undefined;
}

/** What rules judge of a resource: itself, or each object of a list. */
export function subjects(type: JudgedType, properties: Received): Subject[] {
  if (type.isOfCloud) return [cloudObject(type, properties)];
  const { apiVersion, kind, isPatch } = type;
  const object: AnyObject = { ...(properties.value as object), apiVersion, kind };
  return expandLists(object).map(({ object: inner, place }) => {
    const inside = properties.unknown.filter((path) => place.every((step, index) => path[index] === step));
    return { object: inner, unknown: inside.map((path) => path.slice(place.length)), isPatch };
  });
}

const NOT_LEFT_OPEN =
  "what is left open is refused here: say what is known before deployment, or policy.undetermined: warn in the environment";

/** What a result means, and how grave it is; nothing of what is allowed, and no refusal of what may be elsewhere. */
export function asViolation(
  result: Result & Partial<Pick<GraphResult, "isElsewhere">>,
  cluster: ClusterRules,
  secrets: readonly string[],
): PackViolation[] {
  const { id, verdict, level } = result;
  if (verdict === "allow" || level === "off") return [];
  const rule = packRule(id);
  const isMandatory = result.isElsewhere !== true && refuses(result, rule, cluster.rules[id], cluster);
  const said = `${id}${verdict === "undetermined" ? " undetermined" : ""}: ${withoutSecrets(result.message, secrets)}`;
  // what is open for want of parameters is at no place of the object
  const isOpen = verdict === "undetermined" && result.path !== "";
  const message = isOpen && isMandatory ? `${said}; ${NOT_LEFT_OPEN}` : said;
  return [{ policy: id, description: rule.title, message, isMandatory }];
}

/** Rules name images, and an image may be secret. */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  const hidden = secrets.filter((secret) => secret !== "");
  return hidden.some((secret) => message.includes(secret))
    ? `${message.split(" ", 1)[0]} is refused; its value is a secret`
    : message;
}
