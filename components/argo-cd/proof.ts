/** How far Argo CD is proved on one machine, and what is not. */
export const argoCdProof = {
  level: "B" as const,
  by: "A real API server takes every object, projects and ApplicationSets by upstream's own schemas; each object of upstream's manifest is applied, changed by a listed overlay, or left out with a reason.",
  tests: [
    "test/components/argo-cd.test.ts",
    "test/components/argo-cd/compared-with-upstream.test.ts",
    "test/components/argo-cd/delivery.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "synchronising a repository",
    why: "Argo CD's programs do not run here: no repository is read, no Application is made, and that a step waits for the one before is upstream's own promise.",
  },
};
