/** How far the Vertical Pod Autoscaler is proved. */
export const PROOF = {
  level: "A" as const,
  by: "What is rendered is tested: whom it recommends for, that it changes nothing, and what it may read.",
  tests: ["test/components/vertical-pod-autoscaler.test.ts"],
  notProved: {
    what: "recommendations",
    why: "Simulated pods use nothing, so that there is nothing to recommend from: the recommender does not run here.",
  },
};
