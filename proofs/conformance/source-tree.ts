/** The Rego of the rules and of the libraries that they import, and which of them a change reaches. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { libraries } from "../../policies/compile/opa";
import type { Rule } from "../../policies/rule";
import type { Mutant } from "./mutant";

/** Files by path below `policies/`, and the rules among them. */
export interface Renamed {
  readonly files: ReadonlyMap<string, string>;
  readonly rules: readonly Rule[];
}

export class SourceTree {
  readonly texts: ReadonlyMap<string, string>;

  /** @param root the folder that holds `lib/` and `rules/` */
  constructor(
    readonly root: string,
    readonly rules: readonly Rule[],
  ) {
    const paths = [...libraries(root), ...rules.map(pathOf)];
    this.texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
  }

  /** The rules that a change of a file reaches. */
  reached(file: string): Rule[] {
    return this.rules.filter((rule) => this.needs(pathOf(rule)).has(file));
  }

  /**
   * What a mutant reaches, in packages below a name of its own: so that many mutants can be compiled and asked at once.
   * What it does not reach stays as it is, and is shared.
   */
  renamed(name: string, { file, text }: Mutant): Renamed {
    const files = [...this.texts].filter(([path]) => this.needs(path).has(file));
    const moved = files.map(([path]) => path);
    const own = files.map(([path, original]): [string, string] => [
      path,
      (path === file ? text : original)
        .replace(/^package /m, `package ${name}.`)
        .replace(/^import data\.lib\.(\w+)$/gm, (line, library: string) =>
          moved.includes(join("lib", `${library}.rego`)) ? `import data.${name}.lib.${library}` : line,
        ),
    ]);
    return { files: new Map(own), rules: this.reached(file) };
  }

  /** A file with the libraries that it imports, and those that they import. */
  private needs(path: string, found = new Set<string>()): Set<string> {
    found.add(path);
    for (const [, name] of (this.texts.get(path) ?? "").matchAll(/^import data\.lib\.(\w+)$/gm)) {
      const library = join("lib", `${name}.rego`);
      if (!found.has(library)) this.needs(library, found);
    }
    return found;
  }
}

const pathOf = ({ name }: Rule) => join("rules", name, "rule.rego");
