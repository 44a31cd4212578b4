/** How far Jaeger is proved. */
import type { Proof } from "../proof";

export const JAEGER_PROOF: Proof = {
  level: "C",
  by: "Jaeger's own program, of an older minor version than the one that is deployed, accepts each configuration that is rendered, for every kind of store, and refuses it once a key is misspelt.",
  tests: ["test/components/jaeger.test.ts", "test/proofs/accept-jaeger.test.ts"],
  notProved: {
    what: "Elasticsearch, OpenSearch and Cassandra, the deployed version",
    why: "No such store runs here, and Jaeger 2.20 cannot be had as a Go module: the newest that can is 2.13.",
  },
};
