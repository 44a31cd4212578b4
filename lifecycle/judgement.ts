/** What the rules say of an environment before anything runs: every rendered object, by the parameters of its own cluster. */
import { check } from "../policies/check";
import { dayOf } from "../policies/exemption";
import { endedSentence, ruleExemptions, standing } from "../policies/exemption-report";
import type { CheckResult } from "../policies/result";
import { clusterIdentifier, type Environment } from "../stacks/environment";
import { policyParameters } from "../stacks/policy-parameters";
import { render } from "../stacks/render";

export interface Judgement {
  /** Objects judged, in all clusters. */
  readonly objects: number;
  /** Whatever is not allowed: denials and what could not be determined, whatever their level. */
  readonly violations: readonly (CheckResult & { readonly cluster: string })[];
  /** How many of the violations refuse a deployment. */
  readonly refused: number;
  /** How many more there would be without exemptions. */
  readonly exempted: number;
  /** Exemptions that have ended, each as a sentence: they refuse a deployment, too. */
  readonly ended: readonly string[];
}

/**
 * Judges all clusters of an environment.
 *
 * @param now the clock by which exemptions end
 */
export function judgeEnvironment(environment: Environment, now = new Date()): Judgement {
  const parameters = policyParameters(environment, now);
  const { clusters } = parameters;
  let count = 0;
  let exempted = 0;
  const violations = [...render(environment)].flatMap(([cluster, components]) => {
    const identifier = clusterIdentifier(environment, cluster);
    const rules = clusters[identifier];
    const objects = [...components.values()].flat();
    count += objects.length;
    const environmentOfOne = { clusters: rules ? { [identifier]: rules } : {} };
    const report = check(objects, {
      parameters: {},
      environment: environmentOfOne,
      isWhole: true,
      hasOthers: hasExternalParts(environment),
      now,
    });
    exempted += report.summary.exempted;
    return report.results
      .filter(({ verdict, level }) => verdict !== "allow" && level !== "off")
      .map((result) => ({ ...result, cluster }));
  });
  const refused = violations.filter(({ refuses }) => refuses).length;
  const { ended } = standing(ruleExemptions(parameters), dayOf(now));
  return { objects: count, violations, refused, exempted, ended: ended.map(endedSentence) };
}

/** Whether a team brings a part of the platform itself: its definitions and namespaces are not among what is rendered. */
const hasExternalParts = ({ components }: Environment): boolean =>
  Object.values(components).some((settings) => Object(settings).management === "external");

/** The violations as people read them: one line per rule and message, with the clusters it concerns. */
export function violationLines(violations: Judgement["violations"]): string[] {
  const lines = new Map<string, Set<string>>();
  for (const { cluster, level, message, resource } of violations) {
    const line = `${level.padEnd(4)}  ${resource.kind}/${resource.name}: ${message}`;
    lines.set(line, (lines.get(line) ?? new Set()).add(cluster));
  }
  return [...lines].map(([line, clusters]) => `${line} (${[...clusters].join(", ")})`);
}

/** How many lines of one rule are read to the end; the others say nothing new. */
const READABLE = 3;

/** The same, but of each rule the first few lines and how many more there are: a preview lists each at its resource. */
export function shortViolationLines(violations: Judgement["violations"]): string[] {
  const rules = [...new Set(violations.map(({ id }) => id))];
  return rules.flatMap((rule) => {
    const lines = violationLines(violations.filter(({ id }) => id === rule));
    const more = lines.length - READABLE;
    if (more <= 0) return lines;
    return [
      ...lines.slice(0, READABLE),
      `…     and ${more} more by ${rule}: \`pulumi preview\` lists each at its resource`,
    ];
  });
}
