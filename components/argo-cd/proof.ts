/** How far Argo CD is proved on one machine, and what is not. */
export const argoCdProof = {
  level: "C" as const,
  by: "Argo CD's own programs, of an older minor version, read its settings, projects and command lines, and run beside three real clusters: a repository arrives step by step, a step waits for the one before, and what is not a tenant's is refused.",
  tests: [
    "test/components/argo-cd.test.ts",
    "test/components/argo-cd/compared-with-upstream.test.ts",
    "test/components/argo-cd/delivery.test.ts",
    "test/components/argo-cd.cluster.test.ts",
    "test/proofs/accept/argocd.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "version 3.5 itself, single sign-on, certificates between its programs",
    why: "The newest version that can be built is 3.2.11, which knows no certificates of the repo server's clients; nobody logs in here, and the cache is one in memory instead of Redis.",
  },
};
