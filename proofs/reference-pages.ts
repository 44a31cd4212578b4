/**
 * `npm run reference`: writes the pages that are read from the code itself: the fields of an environment file, the help
 * of every verb, every alert, and the lines of every runbook.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../components/package-root";
import { alertsPage } from "./reference-pages/alerts-page";
import { commandPage } from "./reference-pages/command-page";
import { environmentPage } from "./reference-pages/environment-page";
import { runbooksPage } from "./reference-pages/runbooks-page";

/** The files by their path below the repository. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    "docs/reference/environment.md": environmentPage(),
    "docs/reference/alerts.md": alertsPage(),
    "docs/reference/command.md": commandPage(),
    "docs/how-to/runbooks.md": runbooksPage(),
  };
}

if (require.main === module) {
  for (const [path, text] of Object.entries(referencePages())) {
    writeFileSync(join(packageRoot(), path), text);
    process.stdout.write(`${path}\n`);
  }
}
