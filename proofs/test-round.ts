/** One run of jest: what it says is passed on line by line, and what it found is read from its report. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** What jest writes with `--json`, as far as it is read here. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What a round is made of. */
export interface Round {
  /** For jest. */
  readonly words: readonly string[];
  /** Test files at a time. */
  readonly workers: number;
  /** Told of each line that jest says. */
  readonly heard: (line: string) => void;
}

/** Runs the round. A run that leaves no report throws. */
export async function runRound({ heard, words, workers }: Round): Promise<JestReport> {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-test-"));
  const file = join(folder, "report.json");
  const output = ["--json", `--outputFile=${file}`, "--passWithNoTests"];
  try {
    const jest = execa("jest", [`--maxWorkers=${workers}`, ...output, ...words], {
      preferLocal: true,
      reject: false,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
      buffer: false,
    });
    for await (const line of jest.iterable({ from: "stderr" })) heard(String(line));
    await jest;
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
