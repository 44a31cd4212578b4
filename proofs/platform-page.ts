/**
 * `npm run platform-page`: writes docs/platform.html, one self-contained page about the dev environment, and its picture
 * docs/platform.svg. The same input gives the same bytes.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../components/package-root";
import { ensureUpstream } from "../components/upstream";
import { loadEnvironment } from "../stacks/environment";
import { page } from "./platform-page/page";
import { picture } from "./platform-page/picture";
import { platformOf } from "./platform-page/platform";

/** The files by their path below the repository. Upstream manifests must be in the cache. */
export function platformPage(environment = loadEnvironment("dev", packageRoot())): Readonly<Record<string, string>> {
  const platform = platformOf(environment);
  return {
    "docs/platform.html": page(platform).markup,
    "docs/platform.svg": `${picture(platform, "wide").markup}\n`,
  };
}

if (require.main === module) {
  ensureUpstream().then(() => {
    for (const [path, text] of Object.entries(platformPage())) {
      writeFileSync(join(packageRoot(), path), text);
      process.stdout.write(`${path}\n`);
    }
  });
}
