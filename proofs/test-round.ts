/** One run of jest: what it says is passed on line by line, and what it found is read from its report. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
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
  /** Takes what the others leave of the processors. @default false */
  readonly inBackground?: boolean;
  /** Told of each line that jest says. */
  readonly heard: (line: string) => void;
}

/** The lowest priority that there is. */
const LAST = 19;

/** Runs the round. A run that leaves no report throws. */
export async function runRound({ heard, inBackground = false, words, workers }: Round): Promise<JestReport> {
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
      detached: inBackground,
    });
    const end = inBackground ? stepBack(jest.pid) : () => undefined;
    try {
      for await (const line of jest.iterable({ from: "stderr" })) heard(String(line));
      await jest;
    } finally {
      end();
    }
    return JSON.parse(readFileSync(file, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Gives a process that leads a session, and all that it starts, the lowest priority. Linux shares the processors among
 * sessions before it looks at processes, so the session needs it too.
 *
 * @returns to be called when the process has ended
 */
function stepBack(pid: number | undefined): () => void {
  if (pid === undefined) return () => undefined; // it could not be started, as whoever waits for it hears
  setPriority(pid, LAST);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(LAST));
  } catch {
    // another system, or one that does not group by sessions
  }
  const endAll = () => {
    try {
      process.kill(-pid, "SIGTERM");
    } catch {
      // it has ended already
    }
  };
  // a session of its own hears nothing of a Ctrl-C at the terminal
  const interrupted = () => {
    endAll();
    process.exit(130);
  };
  process.on("exit", endAll);
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  return () => {
    process.off("exit", endAll);
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  };
}
