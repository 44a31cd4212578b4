/** What is said of the dev environment after a change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { EnvironmentError, parseEnvironment } from "../../stacks/environment";

/** The file as it stands. */
export const text = readFileSync(join(__dirname, "..", "..", "environments", "dev.yaml"), "utf8");

/** The faults of the dev environment after one change of its text. */
export function faultsAfter(from: string | RegExp, to: string): string[] {
  expect(text).toMatch(from);
  try {
    parseEnvironment(text.replace(from, to), "environments/dev.yaml");
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}
