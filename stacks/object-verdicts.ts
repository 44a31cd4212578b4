/** What the rules say of one object of a cluster, and who could have one of them pass it over. */
import { EXEMPT_NAMESPACES } from "../components/gatekeeper";
import { groupOf, type KubeObject } from "../components/kube-object";
import { OWNER_LABEL } from "../components/labels";
import { check } from "../policies/check";
import { catalogue } from "../policies/engine/catalogue";
import { matches } from "../policies/engine/match";
import { dayOf, type Exemption, isInForce } from "../policies/exemption";
import { graphRules } from "../policies/graph/graph-rules";
import type { CheckResult } from "../policies/result";
import type { Rule } from "../policies/rule";
import { tierZeroRules } from "../policies/tier-zero";
import { clusterIdentifier, type Environment } from "./environment";
import type { ExemptionEntry } from "./exemption-schema";
import type { PlacedObject } from "./object-search";
import { levelOf, parametersOn } from "./policy-parameters";
import { ResourceNames } from "./resource-names";

/** A verdict, by a rule that can be looked up. */
export interface ObjectVerdict extends CheckResult {
  /** `image-registry`. */
  readonly rule: string;
  readonly title: string;
  /** Where the rule sees the object: not at admission where Gatekeeper passes over its namespace; `check` is `policy check` and `make up`, by rules over sets. */
  readonly judgedAt: readonly string[];
}

export interface ObjectVerdicts {
  readonly verdicts: readonly ObjectVerdict[];
  /** Ids of rules that look at its kind, and are off here. */
  readonly off: readonly string[];
  /** Ids of rules of tier 0 that look at who changes it. */
  readonly guardedBy: readonly string[];
  /** Exemptions of the object that have ended, by the rule's id. */
  readonly ended: readonly { readonly id: string; readonly exemption: Exemption }[];
}

/** @param all every object of the environment */
export function verdictsOn(
  environment: Environment,
  asked: PlacedObject,
  all: readonly PlacedObject[],
): ObjectVerdicts {
  const { cluster, object } = asked;
  const identifier = clusterIdentifier(environment, cluster);
  const here = parametersOn(environment, [cluster]).clusters[identifier];
  const objects = all.filter((one) => one.cluster === cluster).map((one) => one.object);
  const looking = catalogue().rules.filter(
    (rule) => matches(rule, object.apiVersion, object.kind) && here?.rules[rule.id],
  );
  const options = { environment: { clusters: here ? { [identifier]: here } : {} }, parameters: {}, isWhole: true };
  const alone = looking.filter(({ joins }) => !joins);
  const joined = looking.filter(({ joins }) => joins);
  const results = [
    ...check([object], { ...options, rules: alone }).results,
    ...(joined.length > 0 ? check(objects, { ...options, rules: joined }).results.filter(isOf(object)) : []),
    ...check(objects, { ...options, rules: [], graphRules: graphRules() }).results.filter(isOf(object)),
  ];
  const day = dayOf(new Date());
  return {
    verdicts: results.map((result) => {
      const ofSets = graphRules().find(({ id }) => id === result.id);
      if (ofSets) return { ...result, rule: ofSets.name, title: ofSets.title, judgedAt: ofSets.points };
      const rule = catalogue().rule(result.id);
      return { ...result, rule: rule.name, title: rule.title, judgedAt: pointsOf(rule, environment, object) };
    }),
    off: looking.filter(({ id }) => here?.rules[id]?.level === "off").map(({ id }) => id),
    guardedBy: guardsOf(environment, object, objects),
    ended: looking.flatMap(({ id }) =>
      (here?.rules[id]?.parameters.exemptions ?? [])
        .filter((exemption) => isAbout(exemption, object) && !isInForce(exemption, day))
        .map((exemption) => ({ id, exemption })),
    ),
  };
}

const isOf =
  ({ apiVersion, kind, metadata }: KubeObject) =>
  ({ resource }: CheckResult) =>
    resource.apiVersion === apiVersion &&
    resource.kind === kind &&
    resource.name === metadata.name &&
    resource.namespace === (metadata.namespace ?? "");

const isAbout = ({ group, kind, name, namespace }: Exemption, object: KubeObject) =>
  group === groupOf(object) &&
  kind === object.kind &&
  name === object.metadata.name &&
  namespace === (object.metadata.namespace ?? "");

function pointsOf({ points }: Rule, { components }: Environment, { metadata }: KubeObject): string[] {
  const passedOver = [...EXEMPT_NAMESPACES, ...components.gatekeeper.exemptNamespaces];
  const isPassedOver = metadata.namespace !== undefined && passedOver.some((name) => isNamed(name, metadata.namespace));
  return points.filter((point) => point === "preview" || !isPassedOver);
}

/** `*` may end a name, as in Gatekeeper's own `match`. */
const isNamed = (pattern: string, name = "") =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

function guardsOf(environment: Environment, object: KubeObject, objects: readonly KubeObject[]): string[] {
  const plural = new ResourceNames(objects).pluralOf(object);
  const has = (list: readonly string[], word: string) => list.includes("*") || list.includes(word);
  const isGuarded = ({ matchConstraints }: ReturnType<typeof tierZeroRules>[number]["policies"][number]) => {
    const namespace = matchConstraints.namespaceSelector?.matchLabels["kubernetes.io/metadata.name"];
    const isHere =
      namespace === undefined || object.metadata.namespace === undefined || object.metadata.namespace === namespace;
    const { resourceRules } = matchConstraints;
    return isHere && resourceRules.some((one) => has(one.apiGroups, groupOf(object)) && has(one.resources, plural));
  };
  return tierZeroRules()
    .filter((rule) => levelOf(environment, rule) !== "off" && rule.policies.some(isGuarded))
    .map(({ id }) => id);
}

/** Days that a proposed exemption lasts: a quarter, after which somebody looks at it again. */
const PROPOSED_DAYS = 90;

/** The entry of `exemptions.yaml` by which a rule would pass the object over; the reason is for who agrees to say. */
export function exemptionFor(
  environment: Environment,
  { cluster, object }: PlacedObject,
  { id, paths }: { readonly id: string; readonly paths: readonly string[] },
  owner: string,
): ExemptionEntry {
  const rule = catalogue().rules.find((one) => one.id === id);
  const isAlone = (rule?.match.filter(({ kind }) => kind === object.kind).length ?? 0) === 1;
  const { name, namespace } = object.metadata;
  return {
    rule: id,
    owner,
    reason: "Say here, as a sentence, why this object may do what the rule forbids.",
    expires: dayOf(new Date(Date.now() + PROPOSED_DAYS * 86_400_000)),
    environments: [environment.name],
    clusters: [cluster],
    object: {
      kind: object.kind,
      ...(isAlone ? {} : { group: groupOf(object) }),
      ...(namespace ? { namespace } : {}),
      name,
    },
    ...(paths.length > 0 ? { paths: [...paths] } : {}),
  };
}

/** The team that answers for an object: its namespace's owner, else the platform's. */
export function ownerOf(
  environment: Environment,
  { cluster, object }: PlacedObject,
  all: readonly PlacedObject[],
): string {
  const name = object.kind === "Namespace" ? object.metadata.name : object.metadata.namespace;
  const namespace = all.find(
    (one) => one.cluster === cluster && one.object.kind === "Namespace" && one.object.metadata.name === name,
  );
  return namespace?.object.metadata.labels?.[OWNER_LABEL] ?? environment.owner;
}
