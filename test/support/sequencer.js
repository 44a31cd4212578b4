/**
 * The order of the test files: the longest first, so that the short ones fill what is left at the end. Jest's own order knows
 * only the sizes of the files until it has run them once.
 */
const { default: Sequencer } = require("@jest/test-sequencer");

/** Ends of the paths, from the file that takes longest. */
const LONGEST = [
  "examples/prod-shards.test.ts",
  "proofs/conformance/run.test.ts",
  "cli/policy.test.ts",
  "examples/prod.test.ts",
  "docs/commands.test.ts",
  "stacks/provenance.test.ts",
  "lifecycle/credentials.cluster.test.ts",
  "components/argo-cd.cluster.test.ts",
  "examples/minimal.cluster.test.ts",
  "lifecycle/interrupted-run.cluster.test.ts",
  "stacks/program.cluster.test.ts",
  "stacks/shards.cluster.test.ts",
  "lifecycle/lost-clusters.cluster.test.ts",
  "components/argo-rollouts.cluster.test.ts",
  "stacks/ownership.cluster.test.ts",
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((end) => path.endsWith(end));
      return place < 0 ? LONGEST.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
