/** Carries out what a destroy plan says is to be done first: for clusters that are about to end, where nobody is asked. */
import { execa } from "execa";
import { processEnvironment } from "../engine-environment";
import type { Step } from "./steps";

/** Longest that one command may take: a deletion waits for its controller. */
const LONGEST_MS = 60_000;

/**
 * Runs the steps that come before the engine's, in their order.
 *
 * @param variables of the engine, see engine-environment.ts
 * @returns how many succeeded, and of each other one what was said
 */
export async function runCures(
  steps: readonly Step[],
  { root, variables }: { readonly root: string; readonly variables: ReadonlyMap<string, string> },
): Promise<{ readonly done: number; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  const cures = steps.filter(({ when }) => when === "before");
  for (const { command } of cures) {
    const { all, exitCode, timedOut } = await execa("sh", ["-c", command], {
      cwd: root,
      env: processEnvironment(variables),
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
      timeout: LONGEST_MS,
    });
    const said = timedOut ? `did not end within ${LONGEST_MS / 1000} s` : all.trim();
    if (exitCode !== 0) failures.push(`${command}: ${said}`);
  }
  return { done: cures.length - failures.length, failures };
}
