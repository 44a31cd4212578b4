/** What is said of the dev environment after a change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { EnvironmentError, parseEnvironment } from "../../stacks/environment";
import type { Fault } from "../../stacks/team-file";

/** The file as it stands. */
export const text = readFileSync(join(__dirname, "..", "..", "environments", "dev.yaml"), "utf8");

/** The faults of the dev environment after one change of its text, each as `path: message`. */
export const faultsAfter = (from: string | RegExp, to: string): string[] =>
  wholeFaultsAfter(from, to).map(({ path, message }) => `${path}: ${message}`);

/** The same with value and line. */
export function wholeFaultsAfter(from: string | RegExp, to: string): readonly Fault[] {
  expect(text).toMatch(from);
  try {
    parseEnvironment(text.replace(from, to), "environments/dev.yaml");
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
}
