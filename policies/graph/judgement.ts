/** What rules over sets say of one set, with the settings of the cluster that gets it. */
import type { Result } from "../engine/judge";
import { type AnyObject, nameOf, type ResourceName } from "../engine/match";
import type { Exemption } from "../exemption";
import type { RuleSettings } from "../parameters";
import { andMore } from "./absence";
import type { GraphFinding, GraphRule } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { type SetObject, shownName } from "./set-object";

/** A result, the object that it is about, and whether it was left open only since objects are missing that nobody gave. */
export interface GraphResult extends Result {
  readonly isElsewhere: boolean;
  readonly on: AnyObject;
}

/** One result per finding, else one of `allow` for each object that the rule looks at. */
export function judgeSet(set: ObjectSet, rule: GraphRule, settings: RuleSettings | undefined): GraphResult[] {
  const looked = [...new Set(rule.looksAt(set))];
  if (!settings) return looked.map(({ object }) => unsaid(object, rule));
  const found = rule.find(set);
  const faulty = new Set(found.flatMap(({ alike = [], on }) => [on, ...alike]));
  const fine = looked.filter((one) => !faulty.has(one));
  return [
    ...found.map((finding) => graphResult(finding.on.object, rule, settings, verdictOf(set, finding, settings))),
    ...fine.map(({ object }) =>
      graphResult(object, rule, settings, { verdict: "allow", path: "", message: "", isElsewhere: false }),
    ),
  ];
}

/** A rule of which the cluster says nothing. */
export function unsaid(object: AnyObject, rule: GraphRule): GraphResult {
  const message = `${rule.id} is not among the rules of this cluster: nothing is assumed`;
  return graphResult(object, rule, undefined, { verdict: "undetermined", path: "", message, isElsewhere: false });
}

export function graphResult(
  object: AnyObject,
  rule: GraphRule,
  settings: RuleSettings | undefined,
  finding: Omit<GraphResult, "id" | "rule" | "level" | "resource" | "on">,
): GraphResult {
  const level = settings?.level ?? rule.levels.prod;
  return { id: rule.id, rule: rule.name, level, resource: nameOf(object), on: object, ...finding };
}

/** What a finding comes to with the settings of a cluster. */
export function verdictOf(set: ObjectSet, finding: GraphFinding, settings: RuleSettings) {
  const { alike = [], message, on, path, verdict } = finding;
  const exemption = exemptionOf(on.object, path, settings);
  const makers = finding.makers ?? set.installers.filter((one) => one !== on);
  const isElsewhere = verdict === "absent" && (!set.isWhole || makers.length > 0);
  const said = isElsewhere ? `${message}; ${whereabouts(makers)}` : message;
  // what is missing is exempt where it is nowhere, and no fault where it is elsewhere; of others that miss it nobody agreed
  if (exemption && verdict !== "undetermined" && !(isElsewhere && alike.length > 0)) {
    return { verdict: "allow", path, message, exemption, isElsewhere } as const;
  }
  const isOpen = isElsewhere || verdict === "undetermined";
  return { verdict: isOpen ? "undetermined" : "deny", path, message: said, isElsewhere } as const;
}

/** Where something may be that is missing among the objects. */
function whereabouts([first, ...others]: readonly SetObject[]): string {
  if (!first) return "it may be among objects that were not given";
  return `it may be made by ${shownName(first)}${andMore(others.length)}`;
}

/** The first that covers the object, and the field where it names fields; `""`: all of the object. */
export function exemptionOf(object: AnyObject, path: string, { parameters }: RuleSettings): Exemption | undefined {
  return parameters.exemptions?.find((exemption) => covers(exemption, nameOf(object)) && reaches(exemption, path));
}

function covers({ group, kind, name, namespace }: Exemption, resource: ResourceName): boolean {
  const [ofResource = ""] = resource.apiVersion.includes("/") ? resource.apiVersion.split("/") : [""];
  const isNamed = name === resource.name && kind === resource.kind && group === ofResource;
  return isNamed && namespace === resource.namespace;
}

const reaches = ({ paths = [] }: Exemption, path: string) =>
  paths.length === 0 ||
  paths.some((agreed) => path === agreed || path.startsWith(`${agreed}.`) || path.startsWith(`${agreed}[`));
