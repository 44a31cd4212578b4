/**
 * `npm run reference`: writes the pages of docs/reference/ that are read from the code itself: the fields of an
 * environment file and the help of every verb.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../components/package-root";
import { commandPage } from "./reference-pages/command-page";
import { environmentPage } from "./reference-pages/environment-page";

/** The files by their path below the repository. */
export function referencePages(): Readonly<Record<string, string>> {
  return { "docs/reference/environment.md": environmentPage(), "docs/reference/command.md": commandPage() };
}

if (require.main === module) {
  for (const [path, text] of Object.entries(referencePages())) {
    writeFileSync(join(packageRoot(), path), text);
    process.stdout.write(`${path}\n`);
  }
}
