/** How far this component is proved on one machine. */
import type { Proof } from "../proof";

export const PROMETHEUS_PROOF: Proof = {
  level: "C",
  by: "prometheus-operator, with the rendered arguments and rights, takes every monitor and rule; promtool accepts the configuration that it makes of them, which asks every target that a component states.",
  tests: [
    "test/components/prometheus.test.ts",
    "test/components/prometheus.cluster.test.ts",
    "test/proofs/accept/prometheus-operator.test.ts",
    "test/proofs/accept/promtool.test.ts",
  ],
  notProved: {
    what: "that samples and alerts arrive",
    why: "Prometheus itself does not run here: its configuration is read and accepted, and no sample is scraped or sent.",
  },
};
