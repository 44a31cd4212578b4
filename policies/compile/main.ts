/** `npm run rules`: compiles the rules and writes what is made from them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { policiesPath } from "../folder";
import { build } from "./build";
import { findTool } from "./tool";

async function main(): Promise<void> {
  const opa = findTool("opa");
  if (!opa) throw new Error('opa is not installed: "make up" installs it, or put opa 1.17.1 into PATH');
  const { compiled, page } = await build(opa);
  const folder = policiesPath("compiled");
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of compiled) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const reference = policiesPath("..", "docs", "reference", "rules.md");
  mkdirSync(dirname(reference), { recursive: true });
  writeFileSync(reference, page);
  process.stdout.write(`${compiled.size} files in policies/compiled and docs/reference/rules.md\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`rules: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
