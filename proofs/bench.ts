/**
 * `npm run bench`: how long the engine takes for what kubectl does too, on the same objects and the same cluster, in one
 * run; and how long the dev environment takes, phase by phase.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { ensureUpstream } from "../components/upstream";
import { endWith } from "../lifecycle/end";
import { ensureTools } from "../sandbox/toolchain/tools";
import { type Comparison, type ComparisonArgs, compare, expectedSeconds } from "./bench/comparison";
import { DEV_EXPECTED_SECONDS, type DevEnvironment, timeDevEnvironment } from "./bench/dev-environment";
import { BENCH } from "./bench/generated-objects";
import { POLICY_COST_EXPECTED_SECONDS, policyCost } from "./bench/policy-cost";
import { BenchProject } from "./bench/project";
import { type BenchReport, type PolicyCostReport, policyCostReport, referenceSize, reportOf } from "./bench/report";
import { Schedule } from "./bench/schedule";
import { policyCostTables, tablesOf } from "./bench/tables";

interface BenchOptions {
  readonly json?: string;
  readonly objects?: readonly number[];
  readonly quick?: boolean;
  readonly policy?: boolean;
}

/** Sizes of a full run: {@link REFERENCE_OBJECTS}, and what shows how it grows. */
const OBJECTS = [100, 500, 2000];
/** Sizes of a run that only shows that the bench works. */
const QUICK_OBJECTS = [20, 50];
/** Starting one cluster, on two idle cores. */
const CLUSTER_SECONDS = 12;

async function bench(options: BenchOptions): Promise<void> {
  const { json, policy, quick = false, objects = quick ? QUICK_OBJECTS : OBJECTS } = options;
  // what a developer's shell evaluated is meant for another project
  for (const name of ["FLEETWRIGHT_INSTANCE", "KUBECONFIG"]) delete process.env[name];
  const [loadBefore = 0] = loadavg();
  await ensureTools("core");
  await ensureUpstream();
  if (policy) {
    const report = policyCostReport(await policyCost(new Schedule(POLICY_COST_EXPECTED_SECONDS)), loadBefore);
    answer(policyCostTables(report), report, json);
    return;
  }
  const reference = referenceSize(objects);
  const sizes: ComparisonArgs[] = objects.map((count) => ({
    objects: count,
    repetitions: quick ? 1 : count > reference ? 1 : 3,
    whole: count === reference,
  }));
  const growthSeconds = sizes.reduce((sum, size) => sum + expectedSeconds(size), CLUSTER_SECONDS);
  const schedule = new Schedule(growthSeconds + (quick ? 0 : POLICY_COST_EXPECTED_SECONDS + DEV_EXPECTED_SECONDS));
  const comparisons = await withProject(BENCH, join(__dirname, "bench", "program.js"), (project) =>
    compareAll(project, schedule, sizes),
  );
  const cost = quick ? undefined : await policyCost(schedule);
  const dev = quick
    ? undefined
    : await withProject<DevEnvironment>("dev", "fleetwright", (project) => timeDevEnvironment(project, schedule));
  const report = reportOf(comparisons, cost, dev, loadBefore);
  answer(tablesOf(report), report, json);
}

async function compareAll(project: BenchProject, schedule: Schedule, sizes: readonly ComparisonArgs[]) {
  await schedule.step(
    "cluster",
    CLUSTER_SECONDS,
    () => project.start(BENCH),
    () => "ready",
  );
  await project.kubectl(BENCH, ["create", "namespace", BENCH]);
  const comparisons: Comparison[] = [];
  for (const size of sizes) comparisons.push(await compare(project, schedule, size));
  return comparisons;
}

/** Ends the project's processes whatever becomes of the work, an interruption included. */
async function withProject<T>(name: string, program: string, work: (project: BenchProject) => Promise<T>): Promise<T> {
  const project = new BenchProject(name, program);
  const interrupted = () => {
    void project.dispose().finally(() => process.exit(130));
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  try {
    return await work(project);
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await project.dispose();
  }
}

function answer(tables: string, report: BenchReport | PolicyCostReport, json: string | undefined): void {
  process.stdout.write(`${tables}\n`);
  const document = { apiVersion: "fleetwright/v1", kind: "BenchReport", ...report };
  if (json) writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
}

function sizesOf(text: string): number[] {
  const sizes = text.split(",").map(Number);
  if (sizes.every((size) => Number.isInteger(size) && size >= 10 && size <= 5000)) return sizes;
  throw new InvalidArgumentError("must be whole numbers from 10 to 5000 with commas between, such as 100,500,2000.");
}

const command = new Command("npm run bench --")
  .description("Times the engine beside kubectl on the same objects, and the dev environment in phases.")
  .option("--json <file>", "also write the report there")
  .option("--objects <sizes>", `sizes to measure (default: ${OBJECTS.join(",")})`, sizesOf)
  .option("--quick", `sizes ${QUICK_OBJECTS.join(",")}, each once, without the dev environment`)
  .option("--policy", "only what the rules cost: the pack's start, one workload, and requests at admission")
  .action((options: BenchOptions) => endWith(() => bench(options)));

command.parse();
