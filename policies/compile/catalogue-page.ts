/** `docs/reference/rules.md`: what each rule guards, for a reader who was refused. */
import { countByVerdict, type RuleCase } from "../cases";
import { describedParameters, type Rule } from "../rule";

export function cataloguePage(rules: readonly Rule[], casesOf: (rule: Rule) => readonly RuleCase[]): string {
  const rows = rules.map(
    (rule) => `| [${rule.id}](#${anchor(rule)}) | ${rule.title} | ${levels(rule)} | ${rule.severity} |`,
  );
  return [
    "# Rules",
    "",
    "Each rule is written once and judges three times: in the preview of a change, when an object reaches the API server, and",
    "in Gatekeeper's audit of what runs, unless it says that it judges previews only. `npm run rules` makes this page from",
    "`policies/rules/*/meta.yaml` and their cases.",
    "",
    "| id | what holds | level | severity |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    ...rules.flatMap((rule) => section(rule, casesOf(rule))),
  ].join("\n");
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

const heading = (rule: Rule) => `${rule.id} ${rule.name}`;

/** As GitHub makes them from headings. */
const anchor = (rule: Rule) => heading(rule).toLowerCase().replaceAll(" ", "-");

function levels({ levels: { prod, dev = prod } }: Rule): string {
  return dev === prod ? prod : `${prod}, ${dev} in development`;
}
