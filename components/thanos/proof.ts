/** How far Thanos is proved; its type is that of proof.ts. */
export const THANOS_PROOF = {
  level: "C",
  by: "Thanos' own program takes every command line, object store and rule file that is rendered, and refuses each once a word is misspelt.",
  tests: ["test/components/thanos.test.ts", "test/proofs/accept-thanos.test.ts"],
  notProved: {
    what: "metrics through all parts, a real bucket",
    why: "No cloud's bucket is to be had here: that blocks are uploaded, joined and found again, and that ingestors share the load, is not shown.",
  },
} as const;
