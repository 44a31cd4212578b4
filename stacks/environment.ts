/**
 * Reads `environments/<env>.yaml` into a typed value that can no longer be wrong. The only reader of that file.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { compatibilityFaults } from "./compatibility";
import { crossChecks } from "./environment-checks";
import { type EnvironmentSpec, environmentSchema } from "./environment-schema";
import { projectRoot } from "./project";
import { type Fault, TeamFile } from "./team-file";

/** An environment file, or the exemptions beside it, that cannot be used. The message lists every fault. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  /** Each once, however many checks have found it. */
  readonly faults: readonly Fault[];
  constructor(
    readonly file: string,
    found: readonly Fault[],
  ) {
    const lineOf = (fault: Fault) => `  ${file}${fault.line ? `:${fault.line}` : ""}  ${describe(fault)}`;
    const lines = new Map(found.map((fault) => [lineOf(fault), fault]));
    super(
      [`${file}: ${lines.size} ${lines.size === 1 ? "fault" : "faults"}, nothing was changed.`, ...lines.keys()].join(
        "\n",
      ),
    );
    this.faults = [...lines.values()];
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
  return parseEnvironment(readText(path, shown, nameOrPath), shown, root);
}

/** @throws EnvironmentError where it is a folder, or nobody lets us read it */
function readText(path: string, shown: string, value: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const message =
      code === "EISDIR"
        ? "is a folder: name one of its files, such as environments/dev.yaml"
        : `cannot be read (${code}): whoever runs this must be allowed to`;
    throw new EnvironmentError(shown, [{ path: "", value, message }]);
  }
}

/** The same from text, for tests and for other programs. */
export function parseEnvironment(text: string, file: string, root = process.cwd()): Environment {
  const content = new TeamFile(text);
  const name = basename(file).replace(/\.ya?ml$/, "");
  const faults: Fault[] = [...content.syntaxFaults];
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    faults.push({
      path: "",
      value: name,
      message: "the file's name is the environment's and must be a DNS label (RFC 1123)",
    });
  }
  if (content.syntaxFaults.length > 0) throw new EnvironmentError(file, faults);

  const parsed = environmentSchema.safeParse(content.raw);
  faults.push(...content.shapeFaults(parsed.error));
  for (const place of crossChecks(content.raw)) faults.push(content.fault(place));
  if (parsed.success) {
    for (const place of compatibilityFaults(parsed.data, root)) faults.push(content.fault(place));
  }
  if (faults.length > 0 || !parsed.success) throw new EnvironmentError(file, faults);
  return { ...parsed.data, name, file, root };
}

/**
 * What a file would be that says this; undefined where it could not be used. For who asks what another value would change.
 *
 * @param as the environment that the value is a variant of
 */
export function variantOf(as: Environment, raw: unknown): EnvironmentVariant | undefined {
  const { data } = environmentSchema.safeParse(raw);
  if (data === undefined) return undefined;
  const { file, name, root } = as;
  return {
    environment: { ...data, name, file, root },
    holds: () => crossChecks(raw).length + compatibilityFaults(data, root).length === 0,
  };
}

/** An environment that nobody wrote, of the right shape. */
export interface EnvironmentVariant {
  readonly environment: Environment;
  /** Whether all that must hold between its fields does: an environment file may say this. */
  readonly holds: () => boolean;
}

/** A cluster's identity over time and machines: `<environment>/<cluster>`. */
export function clusterIdentifier(environment: Environment, cluster: string): string {
  return `${environment.name}/${cluster}`;
}

function describe({ path, value, message }: Fault): string {
  const said = value === undefined ? "" : ` is ${JSON.stringify(value)?.slice(0, 80)}`;
  return path ? `${path}${said}: ${message}` : `${message}`;
}
