/**
 * The rules of a team's own repository: `policies/rules/` of its project, compiled into `policies/compiled/` beside it.
 * They use the package's libraries, and are read only as what their sources say now.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { policiesPath } from "./folder";
import { GRAPH_FAMILY } from "./graph/graph-family";
import type { Rule } from "./rule";

/** Rules of a team's own that cannot be used, as a sentence. */
export class OwnRulesError extends Error {
  override readonly name = "OwnRulesError";
}

const COMPILE = "run `fleetwright policy compile`";

/**
 * The folder of the compiled rules of a project; undefined where it has none.
 *
 * @param policies `policies/` of the project
 * @throws OwnRulesError when they are not compiled, or not as their sources and the package's libraries are now
 */
export function compiledOwnRules(policies: string): string | undefined {
  const names = ownRuleNames(policies);
  const compiled = join(policies, "compiled");
  const manifest = join(compiled, "manifest.json");
  if (names.length === 0 && !existsSync(manifest)) return undefined;
  if (!existsSync(manifest)) throw new OwnRulesError(`${join(policies, "rules")} is not compiled yet: ${COMPILE}`);
  const { sources } = JSON.parse(readFileSync(manifest, "utf8")) as { sources: Readonly<Record<string, string>> };
  const files = [...Object.keys(sources), ...names.map((name) => join("rules", name, "rule.rego"))];
  const stale = files.find((path) => hashOf(sourceOf(policies, path)) !== sources[path]);
  if (stale === undefined) return compiled;
  throw new OwnRulesError(`policies/${stale} is not what ${compiled} was compiled from: ${COMPILE}`);
}

/** Names of the folders below `policies/rules/`. */
export function ownRuleNames(policies: string): string[] {
  const folder = join(policies, "rules");
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => name).sort();
}

/**
 * A family of two letters is one owner's: what the package adds later never takes a team's id.
 *
 * @throws OwnRulesError naming each rule that takes a family or a name of the package's
 */
export function requireOwnNames(own: readonly Pick<Rule, "id" | "name">[], known: readonly Rule[]): void {
  const faults = own.flatMap((rule) => ownNameFaults(rule, known));
  if (faults.length > 0) throw new OwnRulesError(faults.join("\n"));
}

/** What of a rule's id and name is the package's already, each a sentence. */
export function ownNameFaults({ id, name }: Pick<Rule, "id" | "name">, known: readonly Rule[]): string[] {
  const families = [...new Set([...known.map((rule) => rule.id.slice(0, 2)), GRAPH_FAMILY])].sort();
  const family = id.slice(0, 2);
  const isTaken = known.some((rule) => rule.name === name);
  return [
    ...(isTaken ? [`the name "${name}": Fleetwright has a rule of that name: choose another`] : []),
    ...(families.includes(family)
      ? [`the id ${id}: ${family} is a family of Fleetwright's: choose two letters beside ${families.join(", ")}`]
      : []),
  ];
}

/** Libraries, their kinds and the portable builtins are the package's; all else is the team's. */
const sourceOf = (policies: string, path: string) =>
  path.startsWith("rules") ? join(policies, path) : policiesPath(path);

const hashOf = (file: string) =>
  existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : undefined;
