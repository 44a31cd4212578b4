/**
 * A mark of each `up` in a sandbox: without checkpoints the state is written at the end of a run only, so a mark that is
 * newer than the state tells of a run that did not come to its end, even where somebody removed its lock.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { instanceFolder } from "./kubeconfig";

const markFile = (root: string, stack: string) => join(root, instanceFolder(), "runs", stack);

/** Called as an `up` begins. */
export function markRun(root: string, stack: string): void {
  const file = markFile(root, stack);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
}

/** When the last `up` began, milliseconds since 1970; undefined where there was none. */
export function lastRunMs(root: string, stack: string): number | undefined {
  const file = markFile(root, stack);
  return existsSync(file) ? statSync(file).mtimeMs : undefined;
}
