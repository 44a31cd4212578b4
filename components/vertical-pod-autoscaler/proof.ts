/** How far the Vertical Pod Autoscaler is proved. */
export const PROOF = {
  level: "B" as const,
  by: "The real engine makes, leaves alone, takes out and destroys every object on real API servers. What is rendered is tested: whom it recommends for, that it changes nothing, and what it may read.",
  tests: ["test/components/vertical-pod-autoscaler.test.ts", "test/stacks/whole-platform.cluster.test.ts"],
  notProved: {
    what: "recommendations",
    why: "Simulated pods use nothing, so that there is nothing to recommend from: the recommender does not run here.",
  },
};
