/** How far node health checks are proved. */
export const PROOF = {
  level: "B" as const,
  by: "The real engine makes, leaves alone, takes out and destroys every object on real API servers. What is rendered is tested: bounds, escalation, rights, and that the webhook judges one kind alone.",
  tests: ["test/components/node-health-check.test.ts", "test/stacks/whole-platform.cluster.test.ts"],
  notProved: {
    what: "that a lost node comes back",
    why: "No remediator can be had for this machine and its nodes are simulated: the operator does not run, and its webhook is left out of the sandbox.",
  },
};
