/** How far the references are proved, and what is not. */
export const PROOF = {
  level: "B" as const,
  by: "A real API server takes every reference by the operator's own schema; the sandbox's operator makes the Secrets, keeps them, and takes them away; tokens are issued, rotated and refused afterwards by real API servers.",
  tests: ["test/components/external-secrets.test.ts", "test/stacks/credentials.test.ts"],
  notProved: {
    what: "the operator itself, and any outside store",
    why: "The sandbox plays the operator from an encrypted folder: that External Secrets Operator reads the team's Vault or cloud store is its own promise.",
  },
};
