/** docs/proof-conformance.md: what the last whole run found. */
import type { LaneName } from "./lane";
import type { Form } from "./question";
import type { ConformanceReport, FormCount } from "./report";
import { count, percent } from "./report-lines";
import { LEAST_MUTATION_SCORE } from "./targets";

const FORMS: Readonly<Record<Form, string>> = {
  authored: "as its author wrote it",
  canonical: "without nulls, with defaults, as the API server reads it",
  stored: "with status, uid, managedFields, as the API server keeps it",
  workload: "its pod in every other kind of workload",
  unknown: "some leaves not known yet",
  completion: "what those may turn out to be",
  secret: "some leaves secret",
  fixture: "Kubernetes' own fixtures of Pod Security, as pods and workloads",
};

const LANES: Readonly<Record<LaneName, string>> = {
  preview: "the policy pack as a process, over the engine's analyzer protocol",
  admission: "Gatekeeper's webhook behind a real API server, objects created by dry run",
  webhook: "the same webhook, asked as the API server asks it, also of what the API server itself would refuse",
  audit: "`gator test`: Gatekeeper's engine, as its audit reviews what exists",
  witness: "`opa eval` with the same Rego; nobody's gate",
};

export function conformancePage(report: ConformanceReport): string {
  const { mutation, psa, sabotage, seed } = report;
  return [
    "# One rule, judged alike",
    "",
    "Written by `npm run conformance`, which `make prove` runs whole. What is asked, and why it shows what it shows, is in",
    "[one rule, two gates](concepts/one-rule-two-gates.md#that-they-agree-is-proved).",
    "",
    `Seed ${seed}, rules compiled from sources with sha256 \`${report.rules.slice(0, 16)}…\`.`,
    "",
    ...table(
      ["", "found", "wanted"],
      [
        ["cases of the rules", count(report.cases), "all"],
        ["verdicts", `${count(report.verdicts)} of ${count(report.possibleVerdicts)}`, "all"],
        ["comparisons", count(report.comparisons), ""],
        ["agreement", percent(report.agreement), "100 %"],
        ["engine errors", count(report.engineErrors), "0"],
        ["fixtures of Pod Security missed", count(psa.missed), "0"],
        ["fixtures of Pod Security falsely denied", count(psa.falselyDenied), "0"],
        ["mutation score", percent(mutation.score), `at least ${percent(LEAST_MUTATION_SCORE)}`],
        ["sabotages caught", `${sabotage.caught} of ${sabotage.seeded}`, "all"],
      ],
    ),
    "",
    "## Verdicts",
    "",
    ...Object.entries(LANES)
      .filter(([lane]) => report.forms.some((form) => form.lane === lane))
      .map(([lane, program]) => `- **${lane}**: ${program}.`),
    "",
    ...table(
      ["form", "", "lane", "verdicts", "denied", "left open"],
      inOrder(report.forms).map(({ form, lane, verdicts, denied, undetermined }) => [
        form,
        FORMS[form],
        lane,
        count(verdicts),
        count(denied),
        count(undetermined),
      ]),
    ),
    "",
    "## Not asked",
    "",
    ...table(
      ["lane", "verdicts", "why"],
      report.excluded.map(({ lane, verdicts, reason }) => [lane, count(verdicts), reason]),
    ),
    "",
    `${count(report.filled)} denials at admission hold for an object in which the API server had filled in more that is denied, such as the`,
    "field of an AppArmor profile beside its annotation. A witness says the same of the filled object; with the other lanes they are",
    "compared by verdict.",
    "",
    "## Mutants",
    "",
    `${count(mutation.mutants)} mutants of the rules and their libraries: ${count(mutation.killed)} are noticed by a case,`,
    `${count(mutation.survived)} are not, ${count(mutation.equivalent)} are equivalents with a reason`,
    `(\`proofs/conformance/equivalent-mutants.yaml\`), ${count(mutation.reworded)} change the words of a message only, and`,
    `${count(mutation.stillborn)} do not compile.`,
    "",
    ...(mutation.survivors.length > 0
      ? ["Survivors:", "", ...mutation.survivors.map((one) => `- \`${one}\``), ""]
      : []),
    "## Sabotage",
    "",
    ...table(
      ["what was put in", "times"],
      Object.entries(sabotage.kinds).map(([kind, times]) => [kind, count(times)]),
    ),
    "",
    ...(sabotage.missed.length > 0 ? ["Not noticed:", "", ...sabotage.missed.map((one) => `- ${one}`), ""] : []),
  ].join("\n");
}

/** As forms and lanes are introduced: in a sample they come by chance. */
function inOrder(forms: readonly FormCount[]): FormCount[] {
  const rank = ({ form, lane }: FormCount) => Object.keys(FORMS).indexOf(form) * 10 + Object.keys(LANES).indexOf(lane);
  return [...forms].sort((a, b) => rank(a) - rank(b));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
