/**
 * The order of the test files: what needs no cluster, then those on real clusters, the longest first, so that the short ones
 * fill what is left at the end. Jest's own order knows only the sizes of the files until it has run them once.
 */
const { default: Sequencer } = require("@jest/test-sequencer");

/** Ends of the paths, from the file that takes longest. */
const LONGEST = [
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

module.exports = class ClustersFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      if (!path.endsWith(".cluster.test.ts")) return 0;
      const place = LONGEST.findIndex((end) => path.endsWith(end));
      return 1 + (place < 0 ? LONGEST.length : place);
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
