/**
 * Runs the engine for the commands that a person waits for: the same line that they could paste, its output kept in a
 * file, what it has done counted as it goes.
 */
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { instanceFolder } from "../stacks/kubeconfig";
import { processEnvironment } from "./engine-environment";

interface EngineRun {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly variables: ReadonlyMap<string, string>;
  /** Words after `pulumi`, such as `["up", "--yes"]`. */
  readonly words: readonly string[];
  /** Called as objects are done, with how many. */
  readonly onProgress?: (done: number) => void;
}

/** A run that failed: what the engine said of it, and where all of it stands. */
export class EngineRunError extends Error {
  override readonly name = "EngineRunError";
  /** @param exitCode of the engine; undefined where a signal ended it */
  constructor(
    message: string,
    readonly exitCode?: number,
  ) {
    super(message);
  }
}

/**
 * Whether a run failed for nothing but requests that an API server took too long over (34 s, its own bound): one that has
 * too little of its machine. What was done is done, so that the same run goes on from there.
 */
export function isStarved({ message }: EngineRunError): boolean {
  const errors = message.split("\n").filter((line) => /^ *error: /.test(line));
  const isOverall = (line: string) => /^ *error: (update|destroy) failed$/.test(line);
  const causes = errors.filter((line) => !isOverall(line));
  return (
    causes.length > 0 && causes.every((line) => line.includes("request did not complete within requested timeout"))
  );
}

/**
 * Runs `pulumi` to its end.
 *
 * @returns the last lines, in which it sums up what changed
 * @throws EngineRunError with the engine's own diagnostics
 */
export async function runEngine({ root, variables, words, onProgress }: EngineRun): Promise<string> {
  const log = join(root, instanceFolder(), "logs", `pulumi-${words[0]}.log`);
  mkdirSync(dirname(log), { recursive: true });
  const file = createWriteStream(log);
  const engine = execa("pulumi", [...words, "--color", "never"], {
    cwd: root,
    env: processEnvironment(variables),
    extendEnv: false,
    all: true,
    buffer: false,
    reject: false,
    stdin: "ignore",
  });
  const lines: string[] = [];
  const done = new Set<string>();
  for await (const line of createInterface({ input: engine.all })) {
    file.write(`${line}\n`);
    lines.push(line);
    const finished = /^ *[-+~<>=]+ *kubernetes:\S+ (\S+) (created|updated|deleted|replaced|created replacement)\b/.exec(
      line,
    );
    if (finished?.[1]) onProgress?.(done.add(finished[1]).size);
  }
  const { exitCode } = await engine;
  file.end();
  if (exitCode === 0) return summaryOf(lines);
  const command = ["pulumi", ...words].join(" ");
  throw new EngineRunError(
    `\`${command}\` failed with ${exitCode}:\n${diagnosticsOf(lines)}\nAll of it stands in ${log}.`,
    exitCode,
  );
}

/** What changed, in one line: `413 created`, `441 unchanged`. */
function summaryOf(lines: readonly string[]): string {
  const at = lines.lastIndexOf("Resources:");
  const changes = lines.slice(at + 1).filter((line) => /^ +([-+~]+ )?\d+ [a-z]+/.test(line));
  return at < 0 || changes.length === 0
    ? "nothing to do"
    : changes.map((line) => line.trim().replace(/^[-+~]+ /, "")).join(", ");
}

/** From the policies' and diagnostics' headings to the summary; without headings, the last lines. */
function diagnosticsOf(lines: readonly string[]): string {
  const from = lines.findIndex((line) => line === "Policies:" || line === "Diagnostics:");
  const to = lines.lastIndexOf("Resources:");
  const said = from < 0 ? lines.slice(-20) : lines.slice(from, to > from ? to : undefined);
  return said
    .filter((line) => line.trim() !== "")
    .slice(0, 60)
    .join("\n");
}
