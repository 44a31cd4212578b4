/** Where Fleetwright itself lies: the folder whose lock files, rules and tool recipes a running program reads. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The nearest folder above this file whose `package.json` is Fleetwright's own. It is the same folder for the sources,
 * for the compiled program below `dist/`, and for the package below somebody's `node_modules/`.
 *
 * @throws Error when no such folder exists, which means that files of the package were moved or lost
 */
export function packageRoot(): string {
  root ??= findRoot();
  return root;
}

/** Looked for once: everybody asks. */
let root: string | undefined;

function findRoot(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "fleetwright") return folder;
  }
  throw new Error(`no package.json of fleetwright lies above ${__dirname}: install the package again`);
}
