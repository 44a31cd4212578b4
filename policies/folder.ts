/** Where the rules lie: `policies/` of the package, whether this runs from the sources or compiled below `dist/`. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

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

/**
 * `policies/` of the project that this runs in, where a team keeps rules of its own; it need not exist. Undefined outside of
 * every project, and in a checkout of Fleetwright, whose rules are the package's.
 *
 * @param from folder to start from. @default the working folder, which is the project's for a policy pack as well
 */
export function ownPoliciesFolder(from = process.cwd()): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) {
      const isPackage = realpathSync(folder) === realpathSync(dirname(policiesPath()));
      return isPackage ? undefined : join(folder, "policies");
    }
    if (folder === dirname(folder)) return undefined;
  }
}
