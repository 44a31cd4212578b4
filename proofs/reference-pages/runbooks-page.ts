/** `docs/how-to/runbooks.md`: what a drill loses and the lines that bring it back, from the list that the drill runs. */
import { packageRoot } from "../../components/package-root";
import { type DrillSubject, plannedRunbook } from "../../lifecycle/drill/plan";
import { environmentLine, type Runbook, SCENARIOS, type Step } from "../../lifecycle/drill/runbook";
import { loadEnvironment } from "../../stacks/environment";

/** Of the development environment, one cluster of it. */
const SUBJECT: Omit<DrillSubject, "scenario" | "root"> = { stack: "dev", clusters: ["east"] };
const FIRST = environmentLine({ environment: "dev", stack: "dev" });

/** The runbooks with the names of the development environment. */
export function runbooks(): Runbook[] {
  const environment = loadEnvironment("dev", packageRoot());
  return SCENARIOS.map((scenario) => plannedRunbook(environment, { ...SUBJECT, root: packageRoot(), scenario }));
}

/** Every line that the page shows, each once. */
export const runbookLines = (): string[] => [
  ...new Set([FIRST, ...runbooks().flatMap(({ loss, recovery }) => [...loss, ...recovery].map(({ line }) => line))]),
];

export function runbooksPage(): string {
  return [
    "# Runbooks",
    "",
    "What can be lost, and the lines that bring it back. A [drill](drills.md) runs these very lines: `npm run reference` makes this page from",
    "the list that it runs, with the names of the development environment. For yours: `fleetwright drill <cluster> -e <environment> --plan`.",
    "",
    "`fleetwright` is `bin/fleetwright` in a clone and `npx fleetwright` in a project of your own. Each runbook begins in a shell that",
    `evaluated \`${FIRST}\`. What stands under *lost by* is for the sandbox alone.`,
    "",
    ...runbooks().flatMap(sectionOf),
  ].join("\n");
}

function sectionOf({ about, loss, name, recovery, title }: Runbook): string[] {
  return [
    `## ${title}`,
    "",
    about,
    "",
    `\`--scenario ${name}\`${name === "state-lost" ? ", or `--state-lost`" : name === "cluster-lost" ? ", the default" : ""}.`,
    "",
    ...(loss.length > 0 ? ["Lost by:", "", ...block(loss), ""] : []),
    "Brought back by:",
    "",
    ...block(recovery),
    "",
  ];
}

/** Reasons are comments of the shell, in which an apostrophe would look like a quote that stays open. */
const block = (steps: readonly Step[]) => [
  "```sh",
  ...steps.flatMap(({ line, why }) => [`# ${why.replaceAll("'", "’")}`, line]),
  "```",
];
