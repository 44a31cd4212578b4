/** How far Argo Rollouts is proved on one machine, and what is not. */
export const argoRolloutsProof = {
  level: "C" as const,
  by: "The controller runs as a process with the rights and arguments rendered for it: it brings the example's canary to 5, 25, 50 and 100 percent in the VirtualService, judges it at each by what a real store of metrics answers, takes a failing version back and holds one that nobody calls.",
  tests: [
    "test/components/argo-rollouts.test.ts",
    "test/components/argo-rollouts/compared-with-upstream.test.ts",
    "test/components/argo-rollouts.cluster.test.ts",
    "test/proofs/accept/argo-rollouts.test.ts",
    "test/proofs/accept/kubectl-argo-rollouts.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "requests through proxies, its own metrics",
    why: "No proxy carries requests: what they would count is written into the store of metrics by the test, weights are read from the VirtualService, and the controller's own metrics and health, which would listen on every address, are not asked for.",
  },
};
