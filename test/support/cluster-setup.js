/**
 * Before the first test that needs a cluster: the engine and the sandbox's supervisor run what is compiled, so an old
 * build would be tested instead of the sources. Jest loads this file by itself, so it is JavaScript.
 */
const { existsSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { globSync } = require("tinyglobby");

const root = join(__dirname, "..", "..");

module.exports = async function setup() {
  const record = join(root, "dist", ".tsbuildinfo");
  const sources = globSync("{stacks,components,policies,lifecycle,cli,sandbox}/**/*.ts", { cwd: root });
  const builtMs = existsSync(record) ? statSync(record).mtimeMs : 0;
  const newer = sources.find((file) => statSync(join(root, file)).mtimeMs > builtMs);
  if (newer !== undefined) throw new Error(`dist/ is older than ${newer}: run "npx tsc -b", then try again`);
};
