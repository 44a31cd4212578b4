/** How a tool is built, and the key that changes when that changes. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recipe, Tool, Toolchain } from "./lock";

/** Settings of every Go command that decide a program's bytes: no C compiler, this machine's platform, exactly the modules of go.sum. */
export const GO_SETTINGS = { CGO_ENABLED: "0", GOOS: "", GOARCH: "", GOFLAGS: "-mod=readonly -buildvcs=false" };

/** Arguments of `go build`: no path of this machine and no debugging symbols in the program. */
export function buildFlags({ tags, stamps }: Recipe): string[] {
  const variables = Object.entries(stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  return ["-trimpath", `-tags=${tags.join(",")}`, `-ldflags=${["-s", "-w", ...variables].join(" ")}`];
}

/** Where the committed wrapper module of a tool lies. */
export function wrapperOf({ recipe }: Tool, { folder }: Toolchain): string {
  return join(folder, "build", recipe);
}

/** The committed files of a wrapper module, sorted; what a build generated beside them is not among them. */
export function wrapperFiles(wrapper: string): string[] {
  return readdirSync(wrapper)
    .filter((file) => /^go\.(mod|sum)$|\.go$/.test(file))
    .sort();
}

/** The recipe of a tool. The lock was checked when it was read, so there is one. */
export function recipeOf({ recipe }: Tool, { recipes }: Toolchain): Recipe {
  const found = recipes[recipe];
  if (!found) throw new Error(`no recipe "${recipe}"`);
  return found;
}

/** Twelve hex digits over all that decides the program's bytes: wrapper module, flags, settings, embedded files, main package, platform. */
export function recipeHash(tool: Tool, toolchain: Toolchain): string {
  const recipe = recipeOf(tool, toolchain);
  const wrapper = wrapperOf(tool, toolchain);
  const hash = createHash("sha256");
  const settings = [process.platform, process.arch, GO_SETTINGS, buildFlags(recipe), recipe.embeds, tool.package];
  hash.update(JSON.stringify(settings));
  for (const file of wrapperFiles(wrapper)) hash.update(`\0${file}\0`).update(readFileSync(join(wrapper, file)));
  return hash.digest("hex").slice(0, 12);
}
