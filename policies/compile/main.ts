/** `npm run rules`: compiles the rules and writes what is made from them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { policiesPath } from "../folder";
import { build } from "./build";
import { findTool } from "./tool";
import { writeCompiled } from "./written";

async function main(): Promise<void> {
  const opa = findTool("opa");
  if (!opa) throw new Error('opa is not installed: "make up" installs it, or put opa 1.17.1 into PATH');
  const { compiled, page } = await build(opa);
  writeCompiled(policiesPath("compiled"), compiled);
  const reference = policiesPath("..", "docs", "reference", "rules.md");
  mkdirSync(dirname(reference), { recursive: true });
  writeFileSync(reference, page);
  process.stdout.write(`${compiled.size} files in policies/compiled and docs/reference/rules.md\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`rules: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
