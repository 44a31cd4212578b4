/**
 * `make test`: every promise of this repository. Installs what the tests need, checks form and types, runs all tests,
 * and ends with the totals; what was skipped is named, because a skip is no pass.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../components/cache-folder";
import { packageRoot } from "../components/package-root";
import { ensureUpstream } from "../components/upstream";
import { Progress, seconds } from "../lifecycle/progress";
import { ensureTools } from "../sandbox/toolchain/tools";
import { dependedOn, passedRun, rememberRun } from "./passed-run";
import { type JestReport, runRound } from "./test-round";

/** Each file on real clusters has API servers, an engine and controllers of its own: two at once keep two cores busy. */
const WORKERS = 2;

/** Hundreds of objects go at once in it: on a starved API server a request for that takes longer than the server allows. */
const HEAVIEST = "whole-platform.cluster.test";

/** Begins a line by which jest says that a file is through. */
const THROUGH = /^(PASS|FAIL) /;

/** Whether this is `make prove`. */
const isWhole = process.env.PROVE === "whole";

async function test(): Promise<void> {
  const progress = new Progress();
  await progress.step("tools", async (say) => {
    const provisions = await ensureTools("core", ({ message }) => say(message));
    // controllers that are tried whole are built for `npm run accept`, and for nothing else
    if (isWhole) provisions.push(...(await ensureTools("accept", ({ message }) => say(message))));
    return `${provisions.length} at hand`;
  });
  await progress.step("upstream manifests", async () => {
    await ensureUpstream();
    return "as upstream.lock.yaml pins them";
  });
  const words = process.argv.slice(2);
  const run = { root: packageRoot(), file: join(cacheFolder(), "passed-run.json") };
  const isAll = words.length === 0 && !isWhole;
  const of = isAll ? dependedOn(run) : undefined;
  const before = isAll && !process.env.FRESH ? passedRun(run, of) : undefined;
  if (before) {
    const since = `nothing has changed since the run that ended at ${before.ended}: "make test FRESH=1" runs it again`;
    process.stderr.write(`${since}\n`);
    return tell(before.skipped, before.passed, 0);
  }
  const isWellFormed = await succeeds("biome", ["check", "."]);
  const reports = await rounds(words);
  const sum = (count: (report: JestReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  const skipped = reports
    .flatMap(({ testResults }) => testResults.flatMap(({ assertionResults }) => assertionResults))
    .filter(({ status }) => status === "pending" || status === "todo");
  // a file that could not even be loaded, and a tree that is not in form, are failures like any other
  const failures = sum(({ numFailedTests, numRuntimeErrorTestSuites }) => numFailedTests + numRuntimeErrorTestSuites);
  const failed = failures + (isWellFormed ? 0 : 1);
  const names = skipped.map(({ fullName }) => fullName);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  tell(names, passed, failed);
  if (failed > 0) process.exitCode = 1;
  else if (isAll) rememberRun(run, of, { ended: new Date().toISOString(), passed, skipped: names });
}

/** Every skip by its name, for a skip is no pass; then the totals. */
function tell(skipped: readonly string[], passed: number, failed: number): void {
  for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
}

/**
 * Runs every test: what needs no cluster; then the heaviest file by itself; then the other clusters. One after the
 * other, for both processors are busy all the time: beside clusters, a test that needs none only waits for its turn.
 */
async function rounds(words: readonly string[]): Promise<JestReport[]> {
  const began = Date.now();
  const expected = lastTime(words);
  let files = 0;
  const heard = (line: string) => {
    if (THROUGH.test(line)) files += 1;
    const left = expected && Math.max(60_000, expected - (Date.now() - began));
    const progress = `  [${files} files after ${seconds(Date.now() - began)}${left ? `, about ${seconds(left)} left` : ""}]`;
    process.stderr.write(`${line}${THROUGH.test(line) ? progress : ""}\n`);
  };
  const round = (...of: readonly string[]) => runRound({ words: [...of, ...words], workers: WORKERS, heard });
  const cluster = "--selectProjects=cluster";
  const reports = [
    await round("--selectProjects=unit"),
    await round(cluster, `--testPathPatterns=${HEAVIEST}`),
    await round(cluster, `--testPathIgnorePatterns=${HEAVIEST}`),
  ];
  keepTime(words, Date.now() - began);
  return reports;
}

const timeFile = () => join(cacheFolder(), isWhole ? "prove-time" : "test-time");

/** How long everything took the last time, in milliseconds; undefined where it is the first, or some tests are chosen. */
function lastTime(words: readonly string[]): number | undefined {
  if (words.length > 0 || !existsSync(timeFile())) return undefined;
  return Number(readFileSync(timeFile(), "utf8")) || undefined;
}

function keepTime(words: readonly string[], milliseconds: number): void {
  if (words.length === 0) writeFileSync(timeFile(), String(milliseconds));
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
