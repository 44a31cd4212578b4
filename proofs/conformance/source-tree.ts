/** The Rego that is compiled, rules behind their gates and the libraries, and which rules a change of a file reaches. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCases } from "../../policies/cases";
import { asLibrary, gateModule } from "../../policies/compile/gate";
import { libraries } from "../../policies/compile/opa";
import type { Rule } from "../../policies/rule";
import type { Mutant } from "./mutant";

/** Files by path below `policies/`, and the rules among them. */
export interface Renamed {
  readonly files: ReadonlyMap<string, string>;
  readonly rules: readonly Rule[];
}

const IMPORT = /^import data\.lib\.([\w.]+)( as \w+)?$/gm;
const EXEMPTIONS = join("lib", "exemption.rego");

export class SourceTree {
  /** As they are compiled. */
  readonly texts: ReadonlyMap<string, string>;
  /** Gates whose rule has cases of exemptions: no other case could notice a change there. */
  private readonly exempting: ReadonlySet<string>;
  private readonly needed = new Map<string, ReadonlySet<string>>();

  /** @param root the folder that holds `lib/` and `rules/` */
  constructor(
    readonly root: string,
    readonly rules: readonly Rule[],
  ) {
    const read = (path: string) => readFileSync(join(root, path), "utf8");
    this.texts = new Map([
      ...libraries(root).map((path): [string, string] => [path, read(path)]),
      ...rules.flatMap((rule): [string, string][] => [
        [pathOf(rule), asLibrary(rule.name, read(pathOf(rule)))],
        [gateOf(rule), gateModule(rule.name)],
      ]),
    ]);
    const hasExemptions = ({ name }: Rule) =>
      readCases(name, join(root, "rules")).some(({ parameters }) => "exemptions" in parameters);
    this.exempting = new Set(rules.filter(hasExemptions).map(gateOf));
  }

  /** Files that somebody wrote; gates are made of nothing but the rule's name. */
  get written(): [path: string, text: string][] {
    const gates = new Set(this.rules.map(gateOf));
    return [...this.texts].filter(([path]) => !gates.has(path));
  }

  /** The rules that a change of a file reaches. */
  reached(file: string): Rule[] {
    return this.rules.filter((rule) => this.needs(gateOf(rule)).has(file));
  }

  /**
   * What a mutant reaches, in packages below a name of its own: so that many mutants can be compiled and asked at once.
   * What it does not reach stays as it is, and is shared.
   */
  renamed(name: string, { file, text }: Mutant): Renamed {
    const files = [...this.texts].filter(([path]) => this.needs(path).has(file));
    const moved = new Set(files.map(([path]) => path));
    const own = files.map(([path, original]): [string, string] => [
      path,
      (path === file ? text : original)
        .replace(/^package /m, `package ${name}.`)
        .replace(IMPORT, (line, library: string, alias = "") =>
          moved.has(fileOf(library)) ? `import data.${name}.lib.${library}${alias}` : line,
        ),
    ]);
    return { files: new Map(own), rules: this.reached(file) };
  }

  /** A file with what it imports, and what that imports. Thousands of mutants ask for the same. */
  private needs(path: string): ReadonlySet<string> {
    const known = this.needed.get(path) ?? this.closure(path);
    this.needed.set(path, known);
    return known;
  }

  private closure(path: string, found = new Set<string>()): Set<string> {
    found.add(path);
    for (const [, name = ""] of (this.texts.get(path) ?? "").matchAll(IMPORT)) {
      const library = fileOf(name);
      const isNoticed = library !== EXEMPTIONS || this.exempting.has(path);
      if (isNoticed && !found.has(library)) this.closure(library, found);
    }
    return found;
  }
}

const pathOf = ({ name }: Rule) => join("rules", name, "rule.rego");
const gateOf = ({ name }: Rule) => join("rules", name, "gate.rego");

/** `image` → `lib/image.rego`, `rules.image_tag` → `rules/image-tag/rule.rego`. */
function fileOf(library: string): string {
  const [, rule] = /^rules\.(\w+)$/.exec(library) ?? [];
  return rule === undefined ? join("lib", `${library}.rego`) : join("rules", rule.replaceAll("_", "-"), "rule.rego");
}
