/** The KWOK stages: how simulated nodes and pods behave. Ours replace KWOK's defaults, which do the same but know no host programs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../../components/package-root";
import type { HostProgram } from "../host-programs";

const Stage = z.looseObject({
  apiVersion: z.literal("kwok.x-k8s.io/v1alpha1"),
  kind: z.literal("Stage"),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.looseObject({
    resourceRef: z.strictObject({ apiGroup: z.string(), kind: z.string() }),
    selector: z.strictObject({ matchExpressions: z.array(z.looseObject({})).min(1) }),
  }),
});

/** One step in the life of a simulated object, see https://kwok.sigs.k8s.io/docs/user/stages-configuration/ */
export type Stage = z.output<typeof Stage>;

/** The stages of `sandbox/stages/`, by name of file, in which no pod of a host program becomes Ready by itself. */
export function readStages(
  programs: readonly HostProgram[],
  folder = join(packageRoot(), "sandbox", "stages"),
): Stage[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => Stage.parse(parse(readFileSync(join(folder, file), "utf8"))))
    .map((stage) => (stage.metadata.name === "pod-ready" ? withoutPodsOf(programs, stage) : stage));
}

function withoutPodsOf(programs: readonly HostProgram[], stage: Stage): Stage {
  const exclusions = programs.map(({ namespace, deployment }) => ({
    jq: {
      key: `.metadata | select( .namespace == "${namespace}" and ( .name | test("${podNamePattern(deployment)}") ) ) | .name`,
      operator: "DoesNotExist",
    },
  }));
  const { selector } = stage.spec;
  return {
    ...stage,
    spec: { ...stage.spec, selector: { matchExpressions: [...selector.matchExpressions, ...exclusions] } },
  };
}

/** Names of a Deployment's pods: `<deployment>-<hash of the template>-<five letters and digits>`, as its ReplicaSets make them. */
export const podNamePattern = (deployment: string) => `^${deployment}-[a-z0-9]+-[a-z0-9]{5}$`;
