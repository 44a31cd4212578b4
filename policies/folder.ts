/** Where the rules lie: `policies/` of the package, whether this runs from the sources or compiled below `dist/`. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * A file or folder below `policies/`.
 *
 * @throws Error when the package is not complete
 */
export function policiesPath(...parts: string[]): string {
  const folders = [__dirname, join(__dirname, "..", "..", "policies")];
  const folder = folders.find((candidate) => existsSync(join(candidate, "capabilities.json")));
  if (!folder) throw new Error(`no rules lie in ${folders.join(" or ")}: install the package again`);
  return join(folder, ...parts);
}
