/**
 * Modules that the Pulumi SDK loads at its start for abilities which few programs use: turning functions into text (the
 * TypeScript compiler, npm's Arborist) and driving the engine (the automation API). They are more than half of what a
 * start loads; the client of API servers, which the sandbox needs and most commands do not, is a third of a command's;
 * zod's sentences in half a hundred languages, of which we read one, are a sixth of what is left. Here each is put off until somebody reads the first of its exports; nothing is taken away.
 *
 * Import this file before anything that imports `@pulumi/pulumi`.
 */
import { createRequire } from "node:module";

const DEFERRED = ["@pulumi/pulumi/typescript-shim", "@npmcli/arborist", "@pulumi/pulumi/automation"];

for (const name of DEFERRED) defer(name, () => createRequire(require.resolve("@pulumi/pulumi")));
defer("@kubernetes/client-node", () => require);
defer("zod/v4/locales", () => require);

function defer(name: string, whoAsks: () => NodeJS.Require): void {
  let ask: NodeJS.Require;
  let file: string;
  try {
    ask = whoAsks();
    file = ask.resolve(name);
  } catch {
    return; // another version of the SDK may have no such module
  }
  if (ask.cache[file]) return;
  let loaded: object | undefined;
  const load = (): object => {
    if (!loaded) {
      delete ask.cache[file];
      loaded = ask(name) as object;
    }
    return loaded;
  };
  const exports = new Proxy(
    {},
    {
      // what compiled imports ask each module: answered without loading it
      get: (_, key) => (key === "__esModule" ? true : Reflect.get(load(), key)),
      has: (_, key) => key in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(load(), key);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
  ask.cache[file] = { ...module, id: file, filename: file, path: "", exports, loaded: true, children: [] };
}
