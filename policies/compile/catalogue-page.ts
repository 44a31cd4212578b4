/** `docs/reference/rules.md`: what each rule guards, for a reader who was refused. */
import { countByVerdict, type RuleCase } from "../cases";
import { countGraphCases, readGraphCases } from "../graph/graph-cases";
import type { GraphRule } from "../graph/graph-rule";
import { describedParameters, type Rule } from "../rule";
import type { TierZeroRule } from "../tier-zero";

export function cataloguePage(
  rules: readonly Rule[],
  tierZero: readonly TierZeroRule[],
  ofSets: readonly GraphRule[],
  casesOf: (rule: Rule) => readonly RuleCase[],
): string {
  return [
    "# Rules",
    "",
    "Each rule is written once and judges three times: in the preview of a change, when an object reaches the API server, and",
    "in Gatekeeper's audit of what runs, unless it says that it judges previews only. `npm run rules` makes this page from",
    "`policies/rules/*/meta.yaml` and their cases.",
    "",
    ...table(rules),
    "",
    "Those of [sets](#sets) judge all objects of a cluster together, before anything runs. Those of [tier 0](#tier-0) hold while",
    "Gatekeeper is down: the API server itself judges by them.",
    "",
    ...rules.flatMap((rule) => section(rule, casesOf(rule))),
    "## Sets",
    "",
    "What only shows when all objects of a cluster are seen together: `fleetwright policy check` and `make up` judge by these, on",
    "anybody's manifests ([how to](../how-to/check-a-set-of-manifests.md)), and the policy pack once a stack was shown to it: what is",
    "not among the objects of the stack may be elsewhere, and is left open. `npm run rules` makes this part from",
    "`policies/graph/rules/*/meta.yaml` and their cases.",
    "",
    ...table(ofSets),
    "",
    ...ofSets.flatMap(graphSection),
    "## Tier 0",
    "",
    "ValidatingAdmissionPolicies, by which the API server itself judges what all other judgements rest on. They have no parameters:",
    "the lists that they need are written into their expressions, from the environment. `npm run rules` makes this part from",
    "`policies/tier0/*.yaml`; what becomes of guarded objects is tried on a real API server.",
    "",
    ...table(tierZero),
    "",
    ...tierZero.flatMap(tierZeroSection),
  ].join("\n");
}

/** What a rule of either kind has. */
type Listed = Pick<Rule, "id" | "name" | "title" | "levels" | "severity">;

const table = (rules: readonly Listed[]) => [
  "| id | what holds | level | severity |",
  "| --- | --- | --- | --- |",
  ...rules.map((rule) => `| [${rule.id}](#${anchor(rule)}) | ${rule.title} | ${levels(rule)} | ${rule.severity} |`),
];

function tierZeroSection(rule: TierZeroRule): string[] {
  return [
    `### ${heading(rule)}`,
    "",
    rule.title,
    "",
    rule.description,
    "",
    "- **Looks at**",
    ...guardedResources(rule).map((line) => `  - ${line}`),
    `- **Level** ${levels(rule)}.`,
    `- **At the API server** ${rule.policies.map(({ name }) => `\`${name}\``).join(", ")}, in [\`policies/tier0/${rule.name}.yaml\`](../../policies/tier0/${rule.name}.yaml).`,
    `- **Sources** ${rule.sources.map((source) => `<${source}>`).join(", ")}`,
    "",
  ];
}

/** What a rule of tier 0 is asked about: resources, their API groups, and the namespace where it is one only. */
function guardedResources({ policies }: TierZeroRule): string[] {
  return policies.flatMap(({ matchConstraints: { namespaceSelector, resourceRules } }) => {
    const [namespace] = Object.values(namespaceSelector?.matchLabels ?? {});
    const where = namespace === undefined ? "" : `, in namespace ${namespace}`;
    return resourceRules.map(({ apiGroups, operations, resources }) => {
      const what = resources.includes("*/*") ? "everything" : resources.join(", ");
      const groups = apiGroups.map((group) => (group === "" ? "core" : `\`${group}\``)).join(", ");
      return `${what} (${groups})${where}: ${operations.join(", ").toLowerCase()}`;
    });
  });
}

function section(rule: Rule, cases: readonly RuleCase[]): string[] {
  const { allow, deny, undetermined } = countByVerdict(cases);
  return [
    `## ${heading(rule)}`,
    "",
    rule.title,
    "",
    rule.description,
    "",
    `- **Looks at** ${rule.match.map(({ group, kind }) => (group ? `${kind} (\`${group}\`)` : kind)).join(", ")}.`,
    `- **Level** ${levels(rule)}.`,
    rule.points.includes("admission")
      ? `- **At Gatekeeper** \`${rule.kind}\`, constraint \`${rule.id.toLowerCase()}\`.`
      : "- **At Gatekeeper** not judged: in previews only.",
    `- **Parameters**${rule.parameters ? "" : " none."}`,
    ...describedParameters(rule).map(([name, description]) => `  - \`${name}\`: ${description}`),
    `- **Cases** ${allow} allowed, ${deny} denied, ${undetermined} left open:`,
    `  [\`policies/rules/${rule.name}/cases\`](../../policies/rules/${rule.name}/cases).`,
    `- **Sources** ${rule.sources.map((source) => `<${source}>`).join(", ")}`,
    "",
  ];
}

function graphSection(rule: GraphRule): string[] {
  const { allow, deny, undetermined } = countGraphCases(readGraphCases(rule));
  return [
    `### ${heading(rule)}`,
    "",
    rule.title,
    "",
    rule.description,
    "",
    `- **Looks at** ${rule.subject}.`,
    `- **Judges at** ${rule.points.join(", ")}.`,
    `- **Level** ${levels(rule)}.`,
    `- **Cases** ${allow} allowed, ${deny} denied, ${undetermined} left open:`,
    `  [\`policies/graph/rules/${rule.name}/cases\`](../../policies/graph/rules/${rule.name}/cases).`,
    `- **Sources** ${rule.sources.map((source) => `<${source}>`).join(", ")}`,
    "",
  ];
}

const heading = (rule: Listed) => `${rule.id} ${rule.name}`;

/** As GitHub makes them from headings. */
const anchor = (rule: Listed) => heading(rule).toLowerCase().replaceAll(" ", "-");

function levels({ levels: { prod, dev = prod } }: Listed): string {
  return dev === prod ? prod : `${prod}, ${dev} in development`;
}
