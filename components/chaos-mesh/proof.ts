/** How far Chaos Mesh is proved on one machine. */
import type { Proof } from "../proof";

export const CHAOS_MESH_PROOF: Proof = {
  level: "B",
  by: "A real API server takes every object and keeps every field of the experiments; the schemas are compared field by field with the published ones; Prometheus' own engine evaluates the query that ends an experiment.",
  tests: [
    "test/components/chaos-mesh.test.ts",
    "test/components/chaos-mesh/compared-with-upstream.test.ts",
    "test/components/experiment.test.ts",
    "test/components/experiment/abort.test.ts",
    "test/stacks/whole-platform.cluster.test.ts",
  ],
  notProved: {
    what: "faults",
    why: "Chaos Mesh's programs cannot be had for this machine, and its nodes are simulated: no fault is done to any pod, and its webhooks are left out of the sandbox.",
  },
};
