/** Installs what is missing of a set: each tool from the cache, else its official release, else its Go modules. */
import { join } from "node:path";
import { types } from "node:util";
import { cachedPath, type Installed, install, installed, readmit } from "./cache";
import { goBuild } from "./go-build";
import { withInstallLock } from "./install-lock";
import type { Tool, Toolchain, ToolSet } from "./lock";
import { named, Progress, type ReportProgress } from "./progress";
import { recipeOf } from "./recipe";
import { Releases } from "./release";
import { sweepScratch } from "./scratch";
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
  if (!missing.length) return wanted.map((tool) => ({ tool: tool.name, origin: "cache" }));

  await sweepScratch(toolchain.cache);
  const run = new Installation(toolchain, missing, new Progress(toolchain, missing, wanted.length, report));
  try {
    for (const recipe of new Set(missing.map((tool) => tool.recipe))) await run.recipe(recipe);
  } catch (error) {
    throw types.isNativeError(error) && "code" in error && error.code === "ENOSPC"
      ? diskIsFull(toolchain, error)
      : error;
  } finally {
    await run.releases.close();
  }
  return wanted.map((tool) => ({ tool: tool.name, origin: run.origins.get(tool) ?? "cache" }));
}

class Installation {
  readonly releases: Releases;
  readonly origins = new Map<Tool, Provision["origin"]>();
  private readonly done = new Set<string>();
  private inHand: [readonly Tool[], string] = [[], ""];

  constructor(
    private readonly toolchain: Toolchain,
    private readonly missing: readonly Tool[],
    private readonly progress: Progress,
  ) {
    this.releases = new Releases(toolchain);
  }

  async recipe(recipe: string) {
    const tools = this.missing.filter((tool) => tool.recipe === recipe);
    const lock = join(this.toolchain.cache, "tools", ".locks", recipe);
    const waiting = (pid: number) =>
      this.begin("waiting", tools, `process ${pid} installs ${named(tools)}: waiting for it`);
    const heartbeat = setInterval(() => this.progress.tell("working", ...this.inHand), HEARTBEAT_MS);
    try {
      await withInstallLock(lock, waiting, async () => {
        const reasons = new Set<string>();
        const toBuild: Tool[] = [];
        for (const tool of tools) if (!(await this.withoutBuilding(tool, reasons))) toBuild.push(tool);
        const [first, ...rest] = toBuild;
        if (first) await this.build([first, ...rest], [...reasons]);
      });
    } finally {
      clearInterval(heartbeat);
    }
    this.done.add(recipe);
  }

  /** @returns whether the tool is installed now; if not, why not stands in `reasons` when a release was tried */
  private async withoutBuilding(tool: Tool, reasons: Set<string>): Promise<boolean> {
    if (await present(tool, this.toolchain)) {
      this.progress.tell("installed", [tool], `${named([tool])} was installed by another process`);
      return true;
    }
    const url = this.releases.url(tool);
    if (!url) return false;
    const taken = await this.releases.take(tool, () =>
      this.begin("downloading", [tool], `downloading ${named([tool])}`),
    );
    if ("reason" in taken) {
      reasons.add(taken.reason);
      return false;
    }
    await this.place(tool, taken.file, { origin: "release", source: url });
    this.progress.tell("installed", [tool], `installed ${named([tool])} from its release`);
    return true;
  }

  private async build(tools: readonly [Tool, ...Tool[]], reasons: readonly string[]) {
    const why = reasons.length ? `, since ${reasons.join("; ")}` : "";
    this.progress.begin(tools[0].recipe);
    this.begin("building", tools, `building ${named(tools)}${why}`);
    const onPackage = (name: string) => {
      this.inHand = [tools, `building ${named(tools)}: ${name}`];
    };
    try {
      await goBuild(tools, this.toolchain, this.pendingMiB(), onPackage, async (tool, program) => {
        await this.place(tool, program, { origin: "built", source: tool.package });
      });
    } catch (error) {
      if (!(error instanceof ToolError) || !reasons.length) throw error;
      const message = `${error.message}. Its official release could not be taken either: ${reasons.join("; ")}`;
      throw new ToolError(message, { cause: error });
    }
    this.progress.tell("installed", tools, `built ${named(tools)}`);
  }

  private async place(tool: Tool, program: string, from: Pick<Installed, "origin" | "source">) {
    await install(program, cachedPath(tool, this.toolchain), this.toolchain.cache, from);
    this.origins.set(tool, from.origin);
  }

  private begin(phase: "downloading" | "building" | "waiting", tools: readonly Tool[], text: string) {
    this.inHand = [tools, text];
    this.progress.tell(phase, tools, text);
  }

  /** What the builds that are still to come add to empty Go caches; a tool whose release may still come is not counted. */
  private pendingMiB(): number {
    const pending = this.missing.filter((tool) => !this.done.has(tool.recipe) && !this.releases.mayCome(tool));
    const byRecipe = new Map(pending.map((tool) => [tool.recipe, recipeOf(tool, this.toolchain).coldMiB]));
    return [...byRecipe.values()].reduce((sum, mib) => sum + mib, 0);
  }
}

async function present(tool: Tool, toolchain: Toolchain): Promise<boolean> {
  const program = cachedPath(tool, toolchain);
  return installed(program) !== undefined || (await readmit(program));
}

function diskIsFull({ cache }: Toolchain, cause: Error): ToolError {
  return new ToolError(
    `the disk of ${cache} is full: make room, or set FLEETWRIGHT_CACHE to a folder on a larger disk, then try again; tools already installed are kept`,
    { cause },
  );
}
