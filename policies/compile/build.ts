/** Everything that is made from the rules, as files to write or to compare with what is committed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCases } from "../cases";
import { type Manifest, sha256 } from "../engine/catalogue";
import { policiesPath } from "../folder";
import { graphRules } from "../graph/graph-rules";
import { tierZeroRules } from "../tier-zero";
import { cataloguePage } from "./catalogue-page";
import { compile, libraries } from "./opa";
import { type RuleSource, readRules } from "./rule-folders";
import { constraintTemplate } from "./template";
import { toYaml } from "./yaml";

/** By path below `policies/compiled/`. */
export interface Build {
  readonly compiled: ReadonlyMap<string, Buffer>;
  /** The text of `docs/reference/rules.md`. */
  readonly page: string;
}

/**
 * @param opa the program
 * @throws Error when a rule, its meta, its cases or its Rego is wrong
 */
export async function build(opa: string, root = policiesPath()): Promise<Build> {
  const sources = readRules(root);
  const rules = sources.map(({ rule }) => rule);
  const { version, wasm } = await compile(opa, root, rules);
  const files = new Map<string, Buffer>([
    ["policy.wasm", wasm],
    ["rules.json", text(`${JSON.stringify(rules, null, 2)}\n`)],
    ...sources.map((source): [string, Buffer] => [
      `templates/${source.rule.name}.yaml`,
      text(toYaml(constraintTemplate(source))),
    ]),
  ]);
  const manifest: Manifest = {
    opa: version,
    entrypoints: rules.map(({ entrypoint }) => entrypoint),
    sources: hashes(sourceFiles(root, sources).map((path) => [path, readFileSync(join(root, path))])),
    compiled: hashes([...files]),
  };
  files.set("manifest.json", text(`${JSON.stringify(manifest, null, 2)}\n`));
  const page = cataloguePage(rules, tierZeroRules(), graphRules(), (rule) => readCases(rule.name, join(root, "rules")));
  return { compiled: files, page };
}

/** Every file that decides what is compiled. */
export function sourceFiles(root: string, sources: readonly RuleSource[]): string[] {
  const ofRules = sources.flatMap(({ rule }) =>
    ["meta.yaml", "rule.rego"].map((file) => join("rules", rule.name, file)),
  );
  return ["capabilities.json", join("lib", "kinds.yaml"), ...libraries(root), ...ofRules].sort();
}

function hashes(files: readonly (readonly [string, Buffer])[]): Record<string, string> {
  return Object.fromEntries(files.map(([path, bytes]) => [path, sha256(bytes)]));
}

const text = (content: string) => Buffer.from(content, "utf8");
