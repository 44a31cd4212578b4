/** Compiles every rule into one WebAssembly module, one decision per rule. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Rule } from "../rule";

/** What the libraries and rules are checked and compiled as. */
export interface Compiled {
  /** `1.17.1`. */
  readonly version: string;
  readonly wasm: Buffer;
}

/**
 * @param opa the program
 * @param root the folder that holds `lib/`, `rules/` and `capabilities.json`
 * @throws Error with OPA's own words when a rule is wrong or uses a builtin that is not portable
 */
export async function compile(opa: string, root: string, rules: readonly Rule[]): Promise<Compiled> {
  const run = async (...words: string[]) => {
    const { stdout, stderr, failed } = await execa(opa, words, { cwd: root, reject: false });
    if (failed) throw new Error(`opa ${words[0]} refused the rules:\n${stderr || stdout}`);
    return stdout;
  };
  const sources = [...libraries(root), ...rules.map(({ name }) => join("rules", name, "rule.rego"))];
  await run("check", "--strict", "--capabilities", "capabilities.json", ...sources);
  const unformatted = await run("fmt", "--list", ...sources);
  if (unformatted) throw new Error(`not formatted, run "opa fmt --write": ${unformatted.split("\n").join(", ")}`);
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-rules-"));
  try {
    const bundle = join(folder, "bundle.tar.gz");
    const entrypoints = rules.map(({ entrypoint }) => `--entrypoint=${entrypoint}`);
    const target = ["--target=wasm", "--capabilities=capabilities.json", `--output=${bundle}`];
    await run("build", ...target, ...entrypoints, ...sources);
    await execa("tar", ["-xzf", bundle, "-C", folder, "/policy.wasm"]);
    return { version: versionOf(await run("version")), wasm: readFileSync(join(folder, "policy.wasm")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Paths of the libraries below the root, sorted. */
export function libraries(root: string): string[] {
  const files = readdirSync(join(root, "lib")).filter((name) => name.endsWith(".rego"));
  return files.sort().map((name) => join("lib", name));
}

function versionOf(said: string): string {
  const version = /^Version: (\S+)$/m.exec(said)?.[1];
  if (!version) throw new Error(`opa version said no version: ${said}`);
  return version;
}
