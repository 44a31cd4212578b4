/** How far this component is proved on one machine. */
import type { Proof } from "../proof";

export const PROMETHEUS_PROOF: Proof = {
  level: "C",
  by: "promtool accepts every rule that is rendered, and the scrape and alerting configuration that is rendered as such.",
  tests: ["test/components/prometheus.test.ts", "test/proofs/accept/promtool.test.ts"],
  notProved: {
    what: "what the operator makes of monitors",
    why: "The operator does not run here: the configuration that it generates from PodMonitors is not seen by promtool, and no sample is scraped.",
  },
};
