/** Compiles the rules of a team's own, with the package's libraries, into `policies/compiled/` of its project. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCatalogue } from "../engine/catalogue";
import { policiesPath } from "../folder";
import { OwnRulesError, requireOwnNames } from "../own-rules";
import { build } from "./build";
import { readRules } from "./rule-folders";
import { writeCompiled } from "./written";

/**
 * Paths that end up in the module are those below the folder that it is compiled in, so that a module is the same
 * wherever it was compiled.
 *
 * @param opa the program
 * @param policies `policies/` of the project
 * @returns how many files were written
 * @throws OwnRulesError when there are no rules, or one takes an id or a name of the package's
 * @throws Error when a rule, its meta, its cases or its Rego is wrong
 */
export async function compileOwnRules(opa: string, policies: string): Promise<number> {
  const rules = join(policies, "rules");
  if (!existsSync(rules)) {
    throw new OwnRulesError(`there is no ${rules}: \`fleetwright policy new <name> --id <id>\` begins a rule there`);
  }
  const root = mkdtempSync(join(tmpdir(), "fleetwright-own-rules-"));
  try {
    for (const name of ["capabilities.json", "lib"]) cpSync(policiesPath(name), join(root, name), { recursive: true });
    mkdirSync(join(root, "rules"));
    cpSync(rules, join(root, "rules"), { recursive: true });
    requireOwnNames(
      readRules(root).map(({ rule }) => rule),
      readCatalogue().rules,
    );
    const { compiled } = await build(opa, root);
    writeCompiled(join(policies, "compiled"), compiled);
    return compiled.size;
  } finally {
    rmSync(root, { recursive: true });
  }
}
