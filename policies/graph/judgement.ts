/** What rules over sets say of one set, with the settings of the cluster that gets it. */
import type { Result } from "../engine/judge";
import { type AnyObject, nameOf, type ResourceName } from "../engine/match";
import type { Exemption } from "../exemption";
import type { RuleSettings } from "../parameters";
import type { GraphFinding, GraphRule } from "./graph-rule";
import type { ObjectSet } from "./object-set";

/** A result, and whether it was left open only since objects are missing that nobody gave. */
export interface GraphResult extends Result {
  readonly isElsewhere: boolean;
}

/** One result per finding, else one of `allow` for each object that the rule looks at. */
export function judgeSet(set: ObjectSet, rule: GraphRule, settings: RuleSettings | undefined): GraphResult[] {
  const level = settings?.level ?? rule.levels.prod;
  const result = (
    object: AnyObject,
    finding: Omit<GraphResult, "id" | "rule" | "level" | "resource">,
  ): GraphResult => ({
    id: rule.id,
    rule: rule.name,
    level,
    resource: nameOf(object),
    ...finding,
  });
  const looked = [...new Set(rule.looksAt(set))];
  if (!settings) {
    const message = `${rule.id} is not among the rules of this cluster: nothing is assumed`;
    return looked.map(({ object }) =>
      result(object, { verdict: "undetermined", path: "", message, isElsewhere: false }),
    );
  }
  const found = rule.find(set);
  const faulty = new Set(found.flatMap(({ alike = [], on }) => [on, ...alike]));
  const fine = looked.filter((one) => !faulty.has(one));
  return [
    ...found.map((finding) => {
      const { object } = finding.on;
      return result(object, verdictOf(set, finding, exemptionOf(object, finding.path, settings)));
    }),
    ...fine.map(({ object }) => result(object, { verdict: "allow", path: "", message: "", isElsewhere: false })),
  ];
}

function verdictOf(set: ObjectSet, { message, path, verdict }: GraphFinding, exemption: Exemption | undefined) {
  const isElsewhere = verdict === "absent" && !set.isWhole;
  const said = isElsewhere ? `${message}; it may be among objects that were not given` : message;
  if (exemption && verdict !== "undetermined" && !isElsewhere) {
    return { verdict: "allow", path, message, exemption, isElsewhere } as const;
  }
  const isOpen = isElsewhere || verdict === "undetermined";
  return { verdict: isOpen ? "undetermined" : "deny", path, message: said, isElsewhere } as const;
}

/** The first that covers the object, and the field where it names fields. */
function exemptionOf(object: AnyObject, path: string, { parameters }: RuleSettings): Exemption | undefined {
  const resource = nameOf(object);
  return parameters.exemptions?.find((exemption) => covers(exemption, resource) && reaches(exemption, path));
}

function covers({ group, kind, name, namespace }: Exemption, resource: ResourceName): boolean {
  const [ofResource = ""] = resource.apiVersion.includes("/") ? resource.apiVersion.split("/") : [""];
  const isNamed = name === resource.name && kind === resource.kind && group === ofResource;
  return isNamed && namespace === resource.namespace;
}

const reaches = ({ paths = [] }: Exemption, path: string) =>
  paths.length === 0 ||
  paths.some((agreed) => path === agreed || path.startsWith(`${agreed}.`) || path.startsWith(`${agreed}[`));
