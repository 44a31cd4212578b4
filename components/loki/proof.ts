/** How far Loki is proved. */
import type { Proof } from "../proof";

export const LOKI_PROOF: Proof = {
  level: "C",
  by: "Loki's own program accepts each configuration and each tenant's limits that are rendered, and refuses them once a key is misspelt.",
  tests: ["test/components/loki.test.ts", "test/proofs/accept-loki.test.ts"],
  notProved: {
    what: "three pods together, a real bucket",
    why: "No cloud's bucket is to be had here, and one process runs: that logs outlive a pod, and are deleted at the end of their retention, is not shown.",
  },
};
