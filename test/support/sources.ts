/** The TypeScript sources of the repository, and what each imports. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { packageRoot } from "../../components/package-root";

/** Folders that hold no source of ours: what is installed, built, or running. */
export const NOT_OURS = ["**/node_modules/**", "**/dist/**", ".git/**", ".fleetwright/**", "**/.fleetwright/**"];

/** Paths of the repository's files, relative to it and sorted; folders that only this machine has are left out. */
export function filesOf(pattern: string | string[]): string[] {
  return globSync(pattern, { cwd: packageRoot(), dot: true, ignore: NOT_OURS }).sort();
}

/** The text of a file of the repository. */
export const textOf = (file: string) => readFileSync(join(packageRoot(), file), "utf8");

/** One import of a file of ours by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every relative import among the sources, type imports included, as paths of files. */
export function importsOf(files: readonly string[]): Import[] {
  return files.flatMap((from) =>
    ts
      .preProcessFile(textOf(from), true, true)
      .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
      .map(({ fileName }) => ({ from, to: resolved(join(dirname(from), fileName)) })),
  );
}

function resolved(path: string): string {
  const candidates = [path, `${path}.ts`, join(path, "index.ts")];
  const found = candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(join(packageRoot(), candidate)));
  return relative(".", found ?? path);
}

/** The first circle that imports make, as the files along it; undefined where there is none. */
export function importCircle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    for (const to of next.get(file) ?? []) {
      const circle = visit(to, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

/** A property of an exported interface. */
export interface Field {
  /** `StorageClassesArgs.purpose`. */
  readonly name: string;
  readonly documented: boolean;
}

/** The fields of every exported interface of a file whose name matches. */
export function interfaceFields(file: string, name: RegExp): Field[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    if (!ts.isInterfaceDeclaration(statement) || !name.test(statement.name.text)) return [];
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    return statement.members.map((member) => ({
      name: `${statement.name.text}.${member.name?.getText(source) ?? ""}`,
      documented: ts.getJSDocCommentsAndTags(member).length > 0,
    }));
  });
}
