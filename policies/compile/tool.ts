/** Finds the programs that compile and verify rules; neither is needed to judge with what is compiled. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { toolPath } from "../../sandbox/toolchain/tools";

/** Absolute path of a pinned tool, else of one in PATH, else undefined. */
export function findTool(name: "opa" | "gator"): string | undefined {
  try {
    return toolPath(name);
  } catch {
    const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
    return folders.map((folder) => join(folder, name)).find(isExecutable);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
