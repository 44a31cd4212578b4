/** One command, measured. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { type Consumption, ProcessTree } from "./process-tree";

export interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The line whose first appearance is timed. */
  readonly first?: RegExp;
}

export interface Measured {
  /** From start to end. */
  readonly seconds: number;
  /** From start to the line that {@link Command.first} names. */
  readonly firstSeconds?: number;
  /** Undefined where the system does not tell. */
  readonly consumption?: Consumption;
}

/** Lines of a failed command's output that its error shows. */
const LAST_LINES = 25;

/**
 * Runs a command to its end.
 *
 * @throws Error with the last lines of its output when it fails: a bench of what does not work is none
 */
export async function measure({ program, words, cwd, env, first }: Command): Promise<Measured> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const options = { cwd, env, extendEnv: false, all: true, buffer: false, reject: false, stdin: "ignore" } as const;
  const child = execa(program, words, options);
  const tree = new ProcessTree(child.pid ?? 0);
  const last: string[] = [];
  let firstSeconds: number | undefined;
  for await (const line of createInterface({ input: child.all })) {
    if (firstSeconds === undefined && first?.test(line)) firstSeconds = since();
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  }
  const { exitCode } = await child;
  const seconds = since();
  const consumption = tree.end();
  if (exitCode !== 0) {
    throw new Error(
      `${[program, ...words].join(" ")} ended with ${exitCode} and cannot be measured:\n${last.join("\n")}`,
    );
  }
  return { seconds, ...(firstSeconds !== undefined && { firstSeconds }), ...(consumption && { consumption }) };
}
