/** Compiles every rule into one WebAssembly module, one decision per rule. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { exemptedEntrypoint, type Rule } from "../rule";
import { asLibrary, gateModule } from "./gate";

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
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-rules-"));
  const run = async (...words: string[]) => {
    const { stdout, stderr, failed } = await execa(opa, words, { cwd: folder, reject: false });
    if (failed) throw new Error(`opa ${words[0]} refused the rules:\n${stderr || stdout}`);
    return stdout;
  };
  try {
    const sources = writeSources(folder, root, rules);
    await run("check", "--strict", "--capabilities", "capabilities.json", ...sources);
    const unformatted = await run("fmt", "--list", ...sources);
    if (unformatted) throw new Error(`not formatted, run "opa fmt --write": ${unformatted.split("\n").join(", ")}`);
    const entrypoints = rules.flatMap((rule) => [rule.entrypoint, exemptedEntrypoint(rule)]);
    const target = ["--target=wasm", "--capabilities=capabilities.json", "--output=bundle.tar.gz"];
    await run("build", ...target, ...entrypoints.map((name) => `--entrypoint=${name}`), ...sources);
    await execa("tar", ["-xzf", "bundle.tar.gz", "/policy.wasm"], { cwd: folder });
    return { version: versionOf(await run("version")), wasm: readFileSync(join(folder, "policy.wasm")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Writes the libraries, and each rule as a library behind its gate, as they are compiled.
 *
 * @returns their paths below the folder, which are those of the sources, so that opa's words lead there
 */
export function writeSources(folder: string, root: string, rules: readonly Rule[]): string[] {
  for (const name of ["capabilities.json", "lib"]) cpSync(join(root, name), join(folder, name), { recursive: true });
  const ofRules = rules.flatMap(({ name }) => {
    const [rule, gate] = [join("rules", name, "rule.rego"), join("rules", name, "gate.rego")];
    mkdirSync(join(folder, "rules", name), { recursive: true });
    writeFileSync(join(folder, rule), asLibrary(name, readFileSync(join(root, rule), "utf8")));
    writeFileSync(join(folder, gate), gateModule(name));
    return [rule, gate];
  });
  return [...libraries(root), ...ofRules];
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
