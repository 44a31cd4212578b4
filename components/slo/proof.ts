/** How far objectives are proved on one machine. */
export const SLO_PROOF = {
  level: "C" as const,
  by: "`promtool test rules` evaluates the rules of each objective on made-up events: what fires is what is reckoned without PromQL.",
  tests: [
    "test/components/slo.test.ts",
    "test/components/slo/trace.test.ts",
    "test/components/slo/rule-tests.test.ts",
    "test/components/slo/indicator.test.ts",
  ],
  notProved: {
    what: "that a service has the metrics that its indicator names",
    why: "Nothing serves requests on simulated nodes: an indicator is tested with series that are made up from its own conditions.",
  },
};
