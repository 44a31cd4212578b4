/** Where the user's project is: the folder of Pulumi.yaml. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** A command that was typed outside of every project. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}

/**
 * The nearest folder upwards that holds a `Pulumi.yaml`.
 *
 * @param from folder to start from. @default the working folder
 * @throws ProjectError when there is none up to the root of the file system
 */
export function projectRoot(from = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (folder === dirname(folder)) {
      throw new ProjectError(`${from} lies in no project: go to the folder of Pulumi.yaml (or below it) and try again`);
    }
  }
}
