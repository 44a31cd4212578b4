/** How far Argo Rollouts is proved on one machine, and what is not. */
export const argoRolloutsProof = {
  level: "B" as const,
  by: "A real API server takes every object; each right and each argument is compared with upstream's manifest.",
  tests: [
    "test/components/argo-rollouts.test.ts",
    "test/components/argo-rollouts/compared-with-upstream.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "a canary under traffic",
    why: "The controller does not run here and no proxy carries requests: that weights move and that a bad version is taken back is not shown.",
  },
};
