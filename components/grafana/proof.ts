/** How far Grafana is proved; its type is that of proof.ts. */
export const GRAFANA_PROOF = {
  level: "B",
  by: "The real engine makes, leaves alone, takes out and destroys every object on real API servers. Every dashboard is read as JSON, every query is read by the parser of Thanos and asks a source that exists, every file that the configuration names is mounted.",
  tests: [
    "test/components/grafana.test.ts",
    "test/components/grafana/dashboards.test.ts",
    "test/proofs/accept-thanos.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "Grafana at work",
    why: "Grafana cannot be built for this machine: that it takes its configuration, shows a dashboard and refuses a stranger is not shown.",
  },
} as const;
