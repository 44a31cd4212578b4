/** The pinned tools, as the rest of Fleetwright sees them: where they are, and how they come to be there. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { cacheFolder } from "../../components/cache-folder";
import { cachedPath, installed, intact } from "./cache";
import { installSet, type Provision } from "./install";
import { readToolchain, type Tool, type Toolchain, type ToolSet, toolNamed } from "./lock";
import type { ReportProgress } from "./progress";
import { homeFolder, homeIsReady, layOut, programsAreReady, programsFolder } from "./pulumi-home";
import { wrapperOf } from "./recipe";
import { ToolError } from "./tool-error";

/** One installed tool, as `doctor` lists it. */
export interface InstalledTool {
  readonly tool: string;
  readonly version: string;
  /** Where its program came from when it was installed. */
  readonly origin: "release" | "built";
  /** Absolute path of the program. */
  readonly path: string;
}

/** One tool that is absent, or whose program is no longer what was installed. */
export interface ToolFault {
  readonly tool: string;
  readonly version: string;
  /** A sentence with the way out. */
  readonly message: string;
}

let own: Toolchain | undefined;

/** The package's own toolchain, read once: a start of the sandbox asks for some twenty paths. */
function ownToolchain(): Toolchain {
  const cache = cacheFolder();
  if (own?.cache !== cache) own = readToolchain(undefined, cache);
  return own;
}

/**
 * Absolute path of an installed pinned tool.
 *
 * @throws ToolError when it is not installed, or was truncated or overwritten
 * @throws Error when no tool of this name is pinned
 */
export function toolPath(name: string, toolchain = ownToolchain()): string {
  const tool = toolNamed(name, toolchain);
  const program = cachedPath(tool, toolchain);
  if (installed(program)) return program;
  throw new ToolError(absent(tool, program));
}

/**
 * Installs what is missing of a set, and for `core` also lays out {@link pulumiHome} and {@link binDir}. Nothing missing: well under a second.
 *
 * @param report called at each step, and every few seconds within a long one
 * @returns where each tool of the set came from in this run
 * @throws ToolError naming the tool that cannot be had, why, and what to do
 */
export async function ensureTools(
  set: ToolSet,
  report: ReportProgress = () => {},
  toolchain = ownToolchain(),
): Promise<Provision[]> {
  const provisions = await installSet(set, toolchain, report);
  if (set === "core") await layOut(toolchain);
  return provisions;
}

/**
 * Every pinned tool of every set that is installed, in the order of the lock. The package leaves out the recipes of programs
 * that only checks of a clone run; without its recipe nobody knows where a tool would be.
 */
export function installedTools(toolchain = ownToolchain()): InstalledTool[] {
  return toolchain.tools.flatMap((tool) => {
    if (!existsSync(wrapperOf(tool, toolchain))) return [];
    const path = cachedPath(tool, toolchain);
    const record = installed(path);
    return record ? [{ tool: tool.name, version: tool.version, origin: record.origin, path }] : [];
  });
}

/** Every tool of a set that is absent or damaged. Reads each program whole, which takes seconds: for `doctor`. */
export async function toolFaults(set: ToolSet, toolchain = ownToolchain()): Promise<ToolFault[]> {
  const faults: ToolFault[] = [];
  for (const tool of toolchain.tools.filter((candidate) => candidate.set === set)) {
    const path = cachedPath(tool, toolchain);
    const fault = !installed(path) ? absent(tool, path) : (await intact(path)) ? undefined : altered(tool, path);
    if (fault !== undefined) faults.push({ tool: tool.name, version: tool.version, message: fault });
  }
  return faults;
}

/**
 * The value of `PULUMI_HOME`: a folder whose plugin is the pinned Kubernetes provider.
 *
 * @throws ToolError when it is not laid out yet
 */
export function pulumiHome(toolchain = ownToolchain()): string {
  return ready(homeFolder(toolchain), homeIsReady(toolchain));
}

/**
 * A folder to put first on `PATH`: pulumi, pulumi-language-nodejs and kubectl, as pinned.
 *
 * @throws ToolError when it is not laid out yet
 */
export function binDir(toolchain = ownToolchain()): string {
  return ready(programsFolder(toolchain), programsAreReady(toolchain));
}

function ready(folder: string, complete: boolean): string {
  if (complete) return folder;
  throw new ToolError(
    `the tools are not installed completely (${folder} lacks some): \`fleetwright sandbox up\` (or \`make up\` in a clone) installs them`,
  );
}

const absent = ({ name, version }: Tool, program: string) =>
  `${name} ${version} is not installed, or damaged, in ${program}: \`fleetwright sandbox up\` (or \`make up\` in a clone) installs it`;

/** Length and time are as installed, so "make up" alone would not notice. */
const altered = ({ name, version }: Tool, program: string) =>
  `${name} ${version} is no longer what was installed: delete ${dirname(program)} and type \`fleetwright sandbox up\`, which installs it again`;
