/**
 * `npm run truth`: whether previews tell the truth. A corpus of changes, each previewed and then done; what the preview said
 * of each object is compared with what the engine did and what the API server saw.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { packageRoot } from "../components/package-root";
import { endWith } from "../lifecycle/end";
import { ensureTools } from "../sandbox/toolchain/tools";
import { Schedule } from "./conformance/schedule";
import { truthPage } from "./truth/page";
import { missedTargets } from "./truth/report";
import { run } from "./truth/run";

interface TruthOptions {
  readonly json?: string;
  readonly seed: number;
  readonly sample?: number;
}

/** The seed of the committed page and of `make test`. */
export const SEED = 7;

async function truth({ json, sample, seed }: TruthOptions): Promise<void> {
  // what a developer's shell evaluated is meant for another project
  for (const name of ["FLEETWRIGHT_INSTANCE", "KUBECONFIG"]) delete process.env[name];
  await ensureTools("core");
  const schedule = new Schedule();
  const report = await run({ seed, sample, step: (...step) => schedule.step(...step) });
  const { changes, forbiddenAnnounced, kindOfOperationRight, objects, score } = report;
  process.stdout.write(
    `seed ${seed}: ${changes} changes, ${kindOfOperationRight} of ${objects} objects right (${(100 * score).toFixed(1)} %), ` +
      `${forbiddenAnnounced} forbidden announced\n`,
  );
  const document = { apiVersion: "fleetwright/v1", kind: "TruthReport", ...report };
  if (json) writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
  if (sample === undefined) writeFileSync(join(packageRoot(), "docs", "proof-truth.md"), truthPage(report));
  const missed = missedTargets(report);
  for (const sentence of missed) process.stderr.write(`${sentence}\n`);
  if (missed.length > 0) process.exitCode = 3;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError("must be a whole number from 1.");
}

if (require.main === module) {
  new Command("npm run truth --")
    .description("Compares what previews say of a corpus of changes with what is then done.")
    .option("--json <file>", "also write the report there")
    .option("--seed <number>", "decides the sample and the combinations", wholeNumber, SEED)
    .option("--sample <changes>", "only so many changes of the corpus, and no combinations", wholeNumber)
    .action((options: TruthOptions) => endWith(() => truth(options)))
    .parse();
}
