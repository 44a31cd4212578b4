/**
 * `kubectl argo rollouts lint` on the canary that the platform offers its tenants: the example's objects, with the steps
 * that `canaryStrategy()` makes of what is judged in the cluster.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments, stringify } from "yaml";
import { canaryStrategy } from "../../components/argo-rollouts/canary";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { type FileVerdict, type Program, sentenceOf } from "./program";

/** Upstream's plugin for kubectl. */
export const kubectlArgoRollouts: Program = {
  tool: "kubectl-argo-rollouts",
  image: "argo-rollouts",
  judge: async (path, { name, objects }, folder) => {
    const analyses = objects
      .filter(({ kind }) => kind === "ClusterAnalysisTemplate")
      .map(({ metadata }) => metadata.name);
    if (analyses.length === 0) return []; // nothing would judge a canary there
    return [await linted(path, canaryJudgedBy(analyses), `${name}/canary`, folder)];
  },
};

/** The example, judged by these templates. */
export function canaryJudgedBy(analyses: readonly string[]): KubeObject[] {
  const example = parseAllDocuments(readFileSync(join(packageRoot(), "examples", "canary", "checkout.yaml"), "utf8"));
  const strategy = canaryStrategy({
    analyses,
    virtualService: { name: "checkout", route: "primary" },
    destinationRule: "checkout",
  });
  return example
    .map((document) => document.toJS() as KubeObject & { readonly spec: object })
    .map((object) => (object.kind === "Rollout" ? { ...object, spec: { ...object.spec, strategy } } : object));
}

/** What the program says of objects. */
export async function linted(
  path: string,
  objects: readonly KubeObject[],
  file: string,
  folder: string,
): Promise<FileVerdict> {
  const at = join(folder, "canary.yaml");
  writeFileSync(at, objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n"));
  const { all, failed } = await execa(path, ["lint", "-f", at], { all: true, extendEnv: false, reject: false });
  return failed ? { file, message: sentenceOf(all) } : { file };
}
