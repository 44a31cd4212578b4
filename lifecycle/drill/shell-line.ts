/** Runs a line of a runbook as a shell that evaluated `fleetwright env` does: the line that is printed is the line that runs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import { processEnvironment } from "../engine-environment";

/** What a line came to. */
export interface LineRun {
  /** Absent where it was killed. */
  readonly exitCode: number | undefined;
  /** All that it printed, as it came. */
  readonly text: string;
}

/** Where lines are run. */
export interface Shell {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  /** What `fleetwright env` prints. */
  readonly variables: ReadonlyMap<string, string>;
  /** Folder for what lines print. */
  readonly logs: string;
}

/** Longest that a line may take: the largest environment of the bench, four times over. */
const LONGEST_LINE_MS = 3_600_000;

/** How the engine says that an object was made. */
const MADE = / created \(/g;

/**
 * Runs one line. Never throws: whoever runs it judges.
 *
 * @param name of the file that keeps what it printed
 * @param killAfter ends it by SIGKILL, with the engine, once it said so many times that it made an object
 */
export async function runLine(
  { logs, root, variables }: Shell,
  line: string,
  name: string,
  { killAfter, onText }: { readonly killAfter?: number; readonly onText?: (text: string) => void } = {},
): Promise<LineRun> {
  const { PATH = "", ...env } = processEnvironment(variables);
  const child = execa("sh", ["-c", killAfter === undefined ? line : `exec ${line}`], {
    cwd: root,
    // `fleetwright` on a line is this one
    env: {
      ...env,
      PATH: `${join(packageRoot(), "bin")}:${PATH}`,
      NO_COLOR: "1",
    },
    extendEnv: false,
    all: true,
    reject: false,
    stdin: "ignore",
    timeout: LONGEST_LINE_MS,
  });
  let made = 0;
  child.all.on("data", (chunk: Buffer) => {
    const text = chunk.toString();
    onText?.(text);
    made += text.match(MADE)?.length ?? 0;
    if (killAfter !== undefined && made >= killAfter) child.kill("SIGKILL");
  });
  const { all: text, exitCode } = await child;
  const log = join(logs, `${name}.log`);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, `$ ${line}\n${text}\n`);
  return { exitCode, text };
}

/** What a failed line says, short enough to be read: the engine's diagnostics, else its last lines. */
export function gist(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const from = lines.findIndex((line) => line === "Policies:" || line === "Diagnostics:");
  const to = lines.lastIndexOf("Resources:");
  return (from < 0 ? lines.slice(-12) : lines.slice(from, to > from ? to : undefined)).slice(0, 40).join("\n");
}
