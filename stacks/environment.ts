/**
 * Reads `environments/<env>.yaml` into a typed value that can no longer be wrong. The only reader of that file.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { compatibilityFaults } from "./compatibility";
import { crossChecks } from "./environment-checks";
import { type EnvironmentSpec, environmentSchema } from "./environment-schema";
import { projectRoot } from "./project";

/** One wrong place of an input file. */
export interface Fault {
  /** Where: `clusters.hub.role`. */
  readonly path: string;
  /** What stands there, as the user wrote it; undefined when it is missing. */
  readonly value: unknown;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Line in the file, from 1, where it is known. */
  readonly line?: number;
}

/** An environment file that cannot be used. The message lists every fault. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  constructor(
    readonly file: string,
    readonly faults: readonly Fault[],
  ) {
    super(
      [
        `${file}: ${faults.length} ${faults.length === 1 ? "fault" : "faults"}, nothing was changed.`,
        ...faults.map((fault) => `  ${file}${fault.line ? `:${fault.line}` : ""}  ${describe(fault)}`),
      ].join("\n"),
    );
  }
}

/** A checked environment, its name, and the file it came from. */
export interface Environment extends EnvironmentSpec {
  /** DNS label: the file's name without `.yaml`. */
  readonly name: string;
  /** The file, relative to the project where it lies inside. */
  readonly file: string;
  /** The project: its `components/` and `images.lock.yaml` belong to every environment of it. */
  readonly root: string;
}

/**
 * Reads an environment by name (`dev` → `environments/dev.yaml` of the project) or by path.
 *
 * @throws EnvironmentError listing every fault with its line, path, value and bound
 */
export function loadEnvironment(nameOrPath: string, project?: string): Environment {
  const isPath = /[/\\]|\.ya?ml$/.test(nameOrPath);
  const root = project ?? (isPath ? process.cwd() : projectRoot()); // a path needs no project
  const path = isPath ? nameOrPath : join(root, "environments", `${nameOrPath}.yaml`);
  const shown = !isAbsolute(path) || relative(root, path).startsWith("..") ? path : relative(root, path);
  if (!existsSync(path)) {
    throw new EnvironmentError(shown, [
      { path: "", value: nameOrPath, message: "no such file: name an environment of environments/, or give a path" },
    ]);
  }
  return parseEnvironment(readFileSync(path, "utf8"), shown, root);
}

/** The same from text, for tests and for other programs. */
export function parseEnvironment(text: string, file: string, root = process.cwd()): Environment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const name = basename(file).replace(/\.ya?ml$/, "");
  const faults: Fault[] = document.errors.map((error) => ({
    path: "",
    value: undefined,
    message: `not YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}`,
    line: error.linePos?.[0].line,
  }));
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    faults.push({
      path: "",
      value: name,
      message: "the file's name is the environment's and must be a DNS label (RFC 1123)",
    });
  }
  if (document.errors.length > 0) throw new EnvironmentError(file, faults);

  const raw: unknown = document.toJS() ?? {};
  const parsed = environmentSchema.safeParse(raw);
  for (const issue of parsed.error?.issues ?? []) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
    for (const key of keys) {
      const path = key === undefined ? issue.path : [...issue.path, key];
      const message =
        key === undefined ? issue.message : "no such field; fields are spelt exactly as the reference page lists them";
      faults.push({
        path: dotted(path),
        value: valueAt(raw, path),
        message: lowerFirst(message),
        line: lineOf(document, lines, path),
      });
    }
  }
  for (const { path, message } of crossChecks(raw)) {
    faults.push({ path: dotted(path), value: valueAt(raw, path), message, line: lineOf(document, lines, path) });
  }
  if (parsed.success) {
    for (const { path, message } of compatibilityFaults(parsed.data, root)) {
      faults.push({ path: dotted(path), value: valueAt(raw, path), message, line: lineOf(document, lines, path) });
    }
  }
  if (faults.length > 0 || !parsed.success) throw new EnvironmentError(file, faults);
  return { ...parsed.data, name, file, root };
}

/** A cluster's identity over time and machines: `<environment>/<cluster>`. */
export function clusterIdentifier(environment: Environment, cluster: string): string {
  return `${environment.name}/${cluster}`;
}

function describe({ path, value, message }: Fault): string {
  const said = value === undefined ? "" : ` is ${JSON.stringify(value)?.slice(0, 80)}`;
  return path ? `${path}${said}: ${message}` : `${message}`;
}

const dotted = (path: readonly PropertyKey[]) =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === "object" ? Reflect.get(at, key) : undefined),
    raw,
  );
}

/** Line of the deepest part of the path that stands in the file; a key's own line, not its value's. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(last)) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    const offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0];
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return undefined;
}
