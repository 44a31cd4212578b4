const { readFileSync } = require("node:fs");
const { join } = require("node:path");

/** Whether a package is published as ES modules: jest loads CommonJS, so such a one is compiled like our own sources. */
const isModule = (folder) => {
  try {
    return JSON.parse(readFileSync(join(__dirname, folder, "package.json"), "utf8")).type === "module";
  } catch {
    return false; // made for another machine than this one
  }
};
const lock = JSON.parse(readFileSync(join(__dirname, "package-lock.json"), "utf8"));
const modules = Object.keys(lock.packages).filter((folder) => folder.startsWith("node_modules/") && isModule(folder));
const names = [...new Set(modules.map((folder) => folder.split("node_modules/").pop()))].join("|");

/** Two projects: `unit` needs nothing but Node; `cluster` drives the real engine against real API servers. */
const shared = {
  testEnvironment: "node",
  transform: {
    "^.+\\.(m?[jt]s)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // every other package is loaded as it is: to compile it, or only to look whether it was compiled, takes longer than to run it
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${names})/|.*\\.mjs$)`],
  // its browser half is what jest's resolver finds first
  moduleNameMapper: { "^unicorn-magic$": "<rootDir>/node_modules/unicorn-magic/node.js" },
};
module.exports = {
  // a test that says nothing of its own may start programs, and a machine may be busy with something else
  testTimeout: 600_000,
  testSequencer: "<rootDir>/test/support/sequencer.js",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["\\.cluster\\.test\\.ts$", "/node_modules/"],
    },
    {
      ...shared,
      displayName: "cluster",
      globalSetup: "<rootDir>/test/support/cluster-setup.js",
      testMatch: ["<rootDir>/test/**/*.cluster.test.ts"],
      testPathIgnorePatterns: ["/node_modules/"],
    },
  ],
};
