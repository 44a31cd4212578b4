/**
 * `make test`: every promise of this repository. Installs what the tests need, checks form and types, runs all tests,
 * and ends with the totals; what was skipped is named, because a skip is no pass.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureUpstream } from "../components/upstream";
import { Progress } from "../lifecycle/progress";
import { ensureTools } from "../sandbox/toolchain/tools";

/** What jest writes with `--json`, as far as it is read here. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Each file on real clusters has API servers, an engine and controllers of its own: two at once keep two cores busy. */
const WORKERS = 2;

/** 945 objects go at once in it: on a starved API server a request for that takes longer than the server allows. */
const HEAVIEST = "whole-platform.cluster.test";

/** What runs one after another. */
const ROUNDS = [
  ["--selectProjects=unit"],
  ["--selectProjects=cluster", `--testPathPatterns=${HEAVIEST}`],
  ["--selectProjects=cluster", `--testPathIgnorePatterns=${HEAVIEST}`],
];

async function test(): Promise<void> {
  const progress = new Progress();
  await progress.step("tools", async (say) => {
    const provisions = await ensureTools("core", ({ message }) => say(message));
    // controllers that are tried whole are built for `npm run accept`, and for nothing else
    if (process.env.PROVE === "whole") provisions.push(...(await ensureTools("accept", ({ message }) => say(message))));
    return `${provisions.length} at hand`;
  });
  await progress.step("upstream manifests", async () => {
    await ensureUpstream();
    return "as upstream.lock.yaml pins them";
  });
  const isWellFormed = await succeeds("biome", ["check", "."]);
  const reports: JestReport[] = [];
  for (const round of ROUNDS) reports.push(await reportOf([...round, ...process.argv.slice(2)]));
  const sum = (count: (report: JestReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  const skipped = reports
    .flatMap(({ testResults }) => testResults.flatMap(({ assertionResults }) => assertionResults))
    .filter(({ status }) => status === "pending" || status === "todo");
  // a file that could not even be loaded, and a tree that is not in form, are failures like any other
  const failures = sum(({ numFailedTests, numRuntimeErrorTestSuites }) => numFailedTests + numRuntimeErrorTestSuites);
  const failed = failures + (isWellFormed ? 0 : 1);
  for (const { fullName } of skipped) process.stdout.write(`skipped: ${fullName}\n`);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  if (failed > 0) process.exitCode = 1;
}

/** Runs jest once. */
async function reportOf(words: readonly string[]): Promise<JestReport> {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-test-"));
  const file = join(folder, "report.json");
  try {
    const output = ["--json", `--outputFile=${file}`, "--passWithNoTests"];
    await succeeds("jest", [`--maxWorkers=${WORKERS}`, ...output, ...words]);
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program of node_modules; what it prints goes to stderr, so that stdout keeps the totals alone. */
async function succeeds(program: string, words: readonly string[]): Promise<boolean> {
  const { exitCode } = await execa(program, words, {
    preferLocal: true,
    reject: false,
    stdin: "ignore",
    stdout: process.stderr,
    stderr: "inherit",
  });
  return exitCode === 0;
}

test().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write("\n0 passed, 1 failed\n");
  process.exitCode = 1;
});
