/**
 * `npm run conformance`: whether one rule judges alike in a preview, at admission and in audit. The cases of all rules, in
 * every form that an object takes on its way, go through each of the programs that judge; mutants of the rules show that
 * the cases notice a change, and divergences that are put in on purpose that this proof does.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { packageRoot } from "../components/package-root";
import { endWith } from "../lifecycle/end";
import { findTool } from "../policies/compile/tool";
import { ensureTools } from "../sandbox/toolchain/tools";
import { conformancePage } from "./conformance/page";
import { linesOf } from "./conformance/report-lines";
import { run } from "./conformance/run";
import { Schedule } from "./conformance/schedule";
import { missedTargets } from "./conformance/targets";

interface ConformanceOptions {
  readonly json?: string;
  readonly seed: number;
  readonly sample?: number;
  readonly cluster: boolean;
}

/** The seed of the committed page and of `make test`. */
export const SEED = 7;

async function conformance({ cluster, json, seed, sample }: ConformanceOptions): Promise<void> {
  await ensureTools("core");
  const schedule = new Schedule();
  const report = await run({
    opa: programOf("opa"),
    gator: programOf("gator"),
    seed,
    sample,
    withCluster: cluster,
    step: (...step) => schedule.step(...step),
  });
  for (const line of linesOf(report)) process.stdout.write(`${line}\n`);
  const document = { apiVersion: "fleetwright/v1", kind: "ConformanceReport", ...report };
  if (json) writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
  if (sample === undefined && cluster)
    writeFileSync(join(packageRoot(), "docs", "proof-conformance.md"), conformancePage(report));
  const missed = missedTargets(report);
  for (const sentence of missed) process.stderr.write(`${sentence}\n`);
  if (missed.length > 0) process.exitCode = 3;
}

function programOf(name: "opa" | "gator"): string {
  const path = findTool(name);
  if (path) return path;
  throw new Error(`${name} is not installed: "make up" installs it`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError("must be a whole number from 1.");
}

if (require.main === module) {
  new Command("npm run conformance --")
    .description("Proves that one rule judges alike in a preview, at admission and in audit.")
    .option("--json <file>", "also write the report there")
    .option("--seed <number>", "decides everything that chance decides", wholeNumber, SEED)
    .option(
      "--sample <verdicts>",
      "ask for about so many verdicts only, of mutants and sabotages as small a share",
      wholeNumber,
    )
    .option("--no-cluster", "leave out the API server and Gatekeeper behind it: the rest takes a fraction of the time")
    .action((options: ConformanceOptions) => endWith(() => conformance(options)))
    .parse();
}
