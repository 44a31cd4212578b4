/**
 * The order of the test files: those on real clusters first, the longest of them first of all, so that the short ones fill
 * what is left at the end. Jest's own order knows only the sizes of the files until it has run them once.
 */
const { default: Sequencer } = require("@jest/test-sequencer");

/** Ends of the paths, from the file that takes longest. */
const LONGEST = [
  "stacks/whole-platform.cluster.test.ts",
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
      const place = LONGEST.findIndex((end) => path.endsWith(end));
      if (place >= 0) return place;
      return path.endsWith(".cluster.test.ts") ? LONGEST.length : LONGEST.length + 1;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
