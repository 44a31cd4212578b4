/** How far Velero is proved. */
export const PROOF = {
  level: "B" as const,
  by: "The real engine makes, leaves alone, takes out and destroys every object on real API servers. What is rendered is tested: rights, flows, schedules, where backups go, and that nothing goes anywhere without a bucket.",
  tests: [
    "test/components/velero.test.ts",
    "test/components/velero/rights.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "a backup, and its restore",
    why: "Velero writes to buckets only, and no volume of the sandbox has data: in the sandbox there is no backup location, and its schedules are paused.",
  },
};
