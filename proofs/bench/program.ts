/**
 * The Pulumi program of the bench: the generated objects on one cluster, by the product's own provider settings and
 * bridge. It reads the file that kubectl is given too.
 */
import "../../stacks/deferred-modules";
import "../../policies/pack/linear-structs";
import { readFileSync } from "node:fs";
import { ClusterPlatform } from "../../components/cluster-platform";
import { engineSlots } from "../../components/definitions-gate";
import type { KubeObject } from "../../components/kube-object";
import { clusterIdentifier, loadEnvironment } from "../../stacks/environment";
import { kubeconfigOf, kubeconfigPath } from "../../stacks/kubeconfig";
import { projectRoot } from "../../stacks/project";
import { awaitKinds } from "../../stacks/served-kinds";
import { spareDiagnostics } from "../../stacks/spared-diagnostics";
import { spareOutputs } from "../../stacks/spared-outputs";
import { BENCH, OBJECTS_FILE } from "./generated-objects";

async function program(): Promise<void> {
  const { items } = JSON.parse(readFileSync(OBJECTS_FILE, "utf8")) as { items: KubeObject[] };
  const environment = loadEnvironment(BENCH);
  spareDiagnostics();
  spareOutputs();
  const { registered } = new ClusterPlatform(BENCH, {
    kubeconfig: kubeconfigOf(environment),
    context: BENCH,
    clusterIdentifier: clusterIdentifier(environment, BENCH),
    objects: items.map((object) => ({ component: "cluster-base", object })),
    replaced: new Set(),
    takeOver: false,
    slots: engineSlots(),
    served: (definitions) =>
      awaitKinds(BENCH, { kubeconfig: kubeconfigPath(environment, projectRoot()), context: BENCH }, definitions),
  });
  await registered;
}

export = program;
