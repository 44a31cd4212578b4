/**
 * docs/proof.md: per component what was proved, by what, and what was not; and every place where a workload is less safe
 * than the default, with its reason. The same input gives the same bytes, so that a test can hold the page to the code.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterParts } from "../components/cluster-parts";
import { packageRoot } from "../components/package-root";
import { proofLevels } from "../components/proof-levels";
import { clusterArgs } from "../stacks/cluster-args";
import { type Environment, loadEnvironment } from "../stacks/environment";

const LEVELS = [
  ["A", "pure charts, mocks, golden files", "shape, promises, wiring"],
  ["B", "the real engine and real API servers with simulated nodes", "schema, order, idempotence, destroy, adoption"],
  ["C", "the component's own program on what is rendered", "that the component accepts it and does it"],
];

/** The page, for the dev environment. */
export function proofPage(environment: Environment = loadEnvironment("dev", packageRoot())): string {
  const proofs = Object.entries(proofLevels(environment.sandbox?.withoutController));
  const [cluster = ""] = Object.keys(environment.clusters);
  const args = clusterArgs(environment, cluster, environment.name);
  const departures = clusterParts(args).flatMap((part) => part.departures ?? []);
  return [
    "# What is proved, and by what",
    "",
    "Written by `make prove`, which runs every test; a test fails when this page is stale. The claims are those of",
    "`components/proof-levels.ts`; the files named here are the tests that show them.",
    "",
    ...table(["level", "what runs", "what it proves"], LEVELS),
    "",
    "## Components",
    "",
    ...table(
      ["component", "level", "by", "tests"],
      proofs.map(([component, { level, by, tests }]) => [
        component,
        level,
        by,
        tests.map((file) => `\`${file}\``).join(" "),
      ]),
    ),
    "",
    "## Not proved here",
    "",
    ...proofs.map(([component, { notProved }]) => `- **${component}**: ${notProved.what}. ${notProved.why}`),
    "",
    "## Departures from the safe default",
    "",
    "Every workload runs as the restricted Pod Security Standard wants it, without a token, on at least two nodes. Where",
    "one does not, this is why.",
    "",
    ...table(
      ["workload", "departure", "reason"],
      departures.map(({ workload, departure, reason }) => [`\`${workload}\``, departure, reason]),
    ),
    "",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** Writes the page. */
export function writeProofPage(): void {
  writeFileSync(join(packageRoot(), "docs", "proof.md"), proofPage());
}
