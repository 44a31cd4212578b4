/** A container's files, put where a program can read them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RenderedContainer } from "./container";

/**
 * Writes the files of a container below a folder of its own.
 *
 * @returns where a path of the container lies now
 */
export function mounted({ files, name }: RenderedContainer, folder: string): (path: string) => string {
  const moved = (path: string) => join(folder, name, path);
  for (const [path, text] of files) {
    mkdirSync(dirname(moved(path)), { recursive: true });
    writeFileSync(moved(path), text);
  }
  return moved;
}
