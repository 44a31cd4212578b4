/** Reads `policies/rules/`: each rule's `meta.yaml` checked, its Rego as text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { policiesPath } from "../folder";
import { kindSetsSchema, type MatchedKind, packageOf, RULE_NAME, type Rule, ruleMetaSchema } from "../rule";
import { gateModule } from "./gate";

/** A rule and what it is written in. */
export interface RuleSource {
  readonly rule: Rule;
  /** The text of `rule.rego`. */
  readonly rego: string;
  /** The texts of the libraries that it and its gate import, and of those that they import. */
  readonly libraries: readonly string[];
}

/** @throws Error naming the rule and the field that is wrong */
export function readRules(root = policiesPath()): RuleSource[] {
  const sets = kindSetsSchema.parse(parse(readFileSync(join(root, "lib", "kinds.yaml"), "utf8")));
  const names = readdirSync(join(root, "rules"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const sources = names.map(({ name }) => readRule(root, name, sets));
  for (const { rule } of sources) {
    const other = sources.find((one) => one.rule.id === rule.id && one.rule.name !== rule.name);
    if (other) throw new Error(`rules ${rule.name} and ${other.rule.name} both have the id ${rule.id}`);
  }
  return sources.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}

function readRule(root: string, name: string, sets: Record<string, MatchedKind[]>): RuleSource {
  if (!RULE_NAME.test(name)) throw new Error(`rule ${name}: name its folder in lower-case words: image-tag`);
  const folder = join(root, "rules", name);
  const meta = ruleMetaSchema.safeParse(parse(readFileSync(join(folder, "meta.yaml"), "utf8")));
  if (!meta.success) {
    const faults = meta.error.issues.map((issue) => `${issue.path.join(".") || "meta.yaml"}: ${issue.message}`);
    throw new Error(`rule ${name}: ${faults.join("; ")}`);
  }
  if (hasDefault(meta.data.parameters))
    throw new Error(`rule ${name}: parameters take no default: admission alone would fill it in`);
  const rego = readFileSync(join(folder, "rule.rego"), "utf8");
  const package_ = packageOf(name);
  if (!new RegExp(`^package ${package_.replaceAll(".", "\\.")}$`, "m").test(rego)) {
    throw new Error(`rule ${name}: rule.rego must say "package ${package_}"`);
  }
  const match = meta.data.match.flatMap((entry) => {
    const kinds = typeof entry === "string" ? sets[entry] : [entry];
    if (kinds) return kinds;
    throw new Error(`rule ${name}: match: no set ${entry} in lib/kinds.yaml, only ${Object.keys(sets).join(", ")}`);
  });
  const kind = `Fleetwright${name.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase())}`;
  const entrypoint = `${package_.replaceAll(".", "/")}/violation`;
  return { rule: { ...meta.data, name, kind, entrypoint, match }, rego, libraries: librariesOf(root, name, rego) };
}

function librariesOf(root: string, name: string, rego: string): string[] {
  const texts = new Map<string, string>();
  const visit = (text: string) => {
    for (const [, imported = ""] of text.matchAll(/^import data\.lib\.(\w+)$/gm)) {
      if (texts.has(imported)) continue;
      const library = readFileSync(join(root, "lib", `${imported}.rego`), "utf8");
      texts.set(imported, library);
      visit(library);
    }
  };
  visit(gateModule(name));
  visit(rego);
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
}

/** A parameter that is called `default` is one too many as well: it stands under `properties`. */
function hasDefault(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  return "default" in schema || Object.values(schema).some(hasDefault);
}
