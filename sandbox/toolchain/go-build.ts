/**
 * Builds tools from Go modules, by their committed wrapper module.
 *
 *     build/<recipe>/{go.mod,go.sum,*.go} ──copy──▶ scratch folder ──go build──▶ out/<program>
 *
 * The checkout is never written to. What Go has compiled stays in Go's own cache, so an interrupted build goes on where it was.
 */
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { checkSpace } from "./disk";
import { findGo, GO_ENVIRONMENT } from "./go";
import { explainGoFailure } from "./go-failure";
import type { Recipe, Tool, Toolchain } from "./lock";
import { named } from "./progress";
import { buildFlags, recipeOf, wrapperFiles, wrapperOf } from "./recipe";
import { scratchFolder } from "./scratch";

/**
 * Builds tools of one recipe together, since they share most packages. The caller holds the recipe's install lock.
 *
 * @param tools of one recipe, at least one
 * @param pendingMiB what this and all later builds of the run add to empty Go caches: refused now rather than in half an hour
 * @param onPackage called with each package that the compiler takes up
 * @param place called with each tool and its program, on the cache's file system, to be moved away
 * @throws ToolError saying what is missing: Go, space, network, memory, or modules that are as pinned
 */
export async function goBuild(
  tools: readonly [Tool, ...Tool[]],
  toolchain: Toolchain,
  pendingMiB: number,
  onPackage: (name: string) => void,
  place: (tool: Tool, program: string) => Promise<void>,
) {
  const recipe = recipeOf(tools[0], toolchain);
  const source = wrapperOf(tools[0], toolchain);
  const what = named(tools);
  const { caches, temporary } = await findGo(what, source);
  const folders = { goCaches: caches, temporary, toolCache: toolchain.cache };
  await checkSpace(what, recipe.coldMiB, pendingMiB, folders);

  const wrapper = await scratchFolder(toolchain.cache);
  const log = join(toolchain.cache, "tools", `${tools[0].recipe}.log`);
  const go = (args: readonly string[]) => run(what, wrapper, log, args, onPackage);
  try {
    for (const file of wrapperFiles(source)) await cp(join(source, file), join(wrapper, file));
    if (recipe.embeds) await writeEmbeds(wrapper, recipe.embeds, go);
    await go(["build", "-v", ...buildFlags(recipe), "-o", "out/", ...tools.map((tool) => tool.package)]);
    for (const tool of tools) await place(tool, join(wrapper, "out", programName(tool)));
  } finally {
    await rm(wrapper, { recursive: true });
  }
}

/** How Go names the program of a main package: the last element of its path that is not a major version. */
function programName({ package: path, recipe }: Tool): string {
  return path === "." ? recipe : basename(path.replace(/\/v\d+$/, ""));
}

/** The files that the wrapper's main embeds: the module's own, with the fields set that its project sets at release. */
async function writeEmbeds(
  wrapper: string,
  { module, folder, files }: NonNullable<Recipe["embeds"]>,
  go: (args: readonly string[]) => Promise<string>,
) {
  const { Dir } = JSON.parse(await go(["mod", "download", "-json", module]));
  for (const [file, fields] of Object.entries(files)) {
    const text = await readFile(join(Dir, folder, file), "utf8");
    const set = Object.keys(fields).length ? JSON.stringify({ ...JSON.parse(text), ...fields }) : text;
    await writeFile(join(wrapper, file), set);
  }
}

/** Runs Go in the wrapper's copy; each line of its progress is a package path. @returns its standard output */
async function run(what: string, cwd: string, log: string, args: readonly string[], onPackage: (name: string) => void) {
  const process = execa("go", args, { cwd, env: GO_ENVIRONMENT, reject: false });
  createInterface({ input: process.stderr }).on("line", (line) => {
    if (!/\s/.test(line)) onPackage(line);
  });
  const result = await process;
  if (!result.failed) return result.stdout;
  const output = `${result.stderr}\n${result.stdout}`; // `go mod download -json` writes its error to standard output
  await writeFile(log, output);
  throw explainGoFailure(what, output, result.signal, log);
}
