/** Installs what is missing of a set: each tool from the cache, else its official release, else its Go modules. */
import { join } from "node:path";
import { cachedPath, install, installed, readmit } from "./cache";
import { goBuild } from "./go-build";
import { withInstallLock } from "./install-lock";
import type { Tool, Toolchain, ToolSet } from "./lock";
import { named, Progress, type ReportProgress } from "./progress";
import { Releases } from "./release";
import { ToolError } from "./tool-error";

/** How often a long step tells that it goes on. */
const HEARTBEAT_MS = 5_000;

/** Where a tool came from in this run. */
export interface Provision {
  readonly tool: string;
  readonly origin: "cache" | "release" | "built";
}

/**
 * Installs every tool of the set, recipe by recipe in the order of the lock.
 *
 * @throws ToolError at the first tool that can be had in no way; what was installed before stays
 */
export async function installSet(set: ToolSet, toolchain: Toolchain, report: ReportProgress): Promise<Provision[]> {
  const wanted = toolchain.tools.filter((tool) => tool.set === set);
  const missing: Tool[] = [];
  for (const tool of wanted) if (!(await present(tool, toolchain))) missing.push(tool);
  const provisions = new Map<Tool, Provision["origin"]>();
  if (missing.length) {
    const progress = new Progress(toolchain, missing, wanted.length, report);
    const releases = new Releases(toolchain);
    try {
      for (const recipe of new Set(missing.map((tool) => tool.recipe))) {
        const tools = missing.filter((tool) => tool.recipe === recipe);
        const lock = join(toolchain.cache, "tools", ".locks", recipe);
        const waiting = (pid: number) =>
          progress.tell("waiting", tools, `process ${pid} installs ${named(tools)}: waiting for it`);
        await withInstallLock(lock, waiting, () => installRecipe(tools, toolchain, releases, progress, provisions));
      }
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? diskIsFull(toolchain.cache, error) : error;
    } finally {
      await releases.close();
    }
  }
  return wanted.map((tool) => ({ tool: tool.name, origin: provisions.get(tool) ?? "cache" }));
}

async function installRecipe(
  tools: readonly Tool[],
  toolchain: Toolchain,
  releases: Releases,
  progress: Progress,
  provisions: Map<Tool, Provision["origin"]>,
) {
  const toBuild: Tool[] = [];
  const reasons = new Set<string>();
  for (const tool of tools) {
    const url = releases.url(tool);
    if (await present(tool, toolchain)) {
      progress.tell("installed", [tool], `${named([tool])} was installed by another process`);
    } else if (!url) {
      toBuild.push(tool);
    } else {
      progress.tell("downloading", [tool], `downloading ${named([tool])}`);
      const taken = await releases.take(tool);
      if ("reason" in taken) {
        toBuild.push(tool);
        reasons.add(taken.reason);
        progress.tell("note", [tool], `${taken.reason}, so ${named([tool])} is built`);
      } else {
        await install(taken.file, cachedPath(tool, toolchain), "release", url);
        provisions.set(tool, "release");
        progress.tell("installed", [tool], `installed ${named([tool])} from its release`);
      }
    }
  }
  const [first, ...rest] = toBuild;
  if (!first) return;
  const together = [first, ...rest] as const;
  await build(together, toolchain, progress, reasons);
  for (const tool of together) provisions.set(tool, "built");
  progress.tell("installed", together, `built ${named(together)}`);
}

async function build(
  tools: readonly [Tool, ...Tool[]],
  toolchain: Toolchain,
  progress: Progress,
  reasons: ReadonlySet<string>,
) {
  const what = named(tools);
  progress.begin(tools[0].recipe);
  progress.tell("building", tools, `building ${what}`);
  let latest = "";
  const heartbeat = setInterval(
    () => progress.tell("working", tools, `building ${what}${latest && `: ${latest}`}`),
    HEARTBEAT_MS,
  );
  try {
    const onPackage = (name: string) => {
      latest = name;
    };
    await goBuild(tools, toolchain, onPackage, (tool, program) =>
      install(program, cachedPath(tool, toolchain), "built", tool.package),
    );
  } catch (error) {
    if (!(error instanceof ToolError) || !reasons.size) throw error;
    throw new ToolError(
      `${error.message}. Its official release could not be taken either: ${[...reasons].join("; ")}`,
      { cause: error },
    );
  } finally {
    clearInterval(heartbeat);
  }
}

async function present(tool: Tool, toolchain: Toolchain): Promise<boolean> {
  const program = cachedPath(tool, toolchain);
  return installed(program) !== undefined || (await readmit(program));
}

function diskIsFull(cache: string, cause: unknown): ToolError {
  return new ToolError(
    `the disk of ${cache} is full: make room, or set FLEETWRIGHT_CACHE to a folder on a larger disk, then type "make up" again; tools already installed are kept`,
    { cause },
  );
}
