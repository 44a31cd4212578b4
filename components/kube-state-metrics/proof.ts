/** How far this component is proved on one machine. */
import type { Proof } from "../proof";

export const KUBE_STATE_METRICS_PROOF: Proof = {
  level: "A",
  by: "Every object, flow, right and refusal is tested on what is rendered.",
  tests: ["test/components/kube-state-metrics.test.ts"],
  notProved: {
    what: "the program at work",
    why: "Simulated nodes run no program: that it measures what it says is its project's own promise.",
  },
};
