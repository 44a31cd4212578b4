/** Two projects: `unit` needs nothing but Node; `cluster` drives the real engine against real API servers. */
const shared = {
  testEnvironment: "node",
  transform: {
    "^.+\\.(m?[jt]s)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // packages published as ES modules only: jest loads CommonJS, so they are compiled like our own sources
  // google-protobuf is a script that wants the global `this` of one: strict mode, which a compiled module has, takes it away
  transformIgnorePatterns: [
    "/node_modules/google-protobuf/",
    "/node_modules/(?!(execa|listr2|@kubernetes/client-node|[^/]*)/.*\\.m?js$)(?=.*cjs)",
  ],
  // its browser half is what jest's resolver finds first
  moduleNameMapper: { "^unicorn-magic$": "<rootDir>/node_modules/unicorn-magic/node.js" },
};
module.exports = {
  // a test that says nothing of its own may start programs, on a machine that does much besides
  testTimeout: 120_000,
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
