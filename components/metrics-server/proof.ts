/** How far this component is proved on one machine. */
import type { Proof } from "../proof";

export const METRICS_SERVER_PROOF: Proof = {
  level: "B",
  by: "The real engine makes, leaves alone, takes out and destroys every object on real API servers. Every object, flow, right and refusal is tested on what is rendered.",
  tests: ["test/components/metrics-server.test.ts", "test/stacks/whole-platform.cluster.test.ts"],
  notProved: {
    what: "the program at work",
    why: "Simulated nodes run no program: that it measures what it says is its project's own promise.",
  },
};
