/**
 * What a destroy of a stack will do, before it is run: what goes, in which order, what will hang and why, what is lost
 * and what stays, and the commands in the order in which they are safe. Reads the state and the clusters, changes nothing.
 */
import type { Environment } from "../stacks/environment";
import { ClusterUnreachable, LiveCluster } from "../stacks/live-cluster";
import { readIdentity } from "../stacks/ownership";
import { clusterAccess } from "./cluster-access";
import { deafApis } from "./destroy-plan/aggregated-apis";
import { clusterScene } from "./destroy-plan/cluster-scene";
import { heldByFinalizers } from "./destroy-plan/finalizers";
import { byWeight, countVerdicts, type Finding, type ObjectName, type Verdict } from "./destroy-plan/finding";
import { lostObjects } from "./destroy-plan/foreign";
import { leftObjects } from "./destroy-plan/leftovers";
import { podsOfLostNodes } from "./destroy-plan/pods";
import { protectedObjects, unlistedKinds, unreachable } from "./destroy-plan/reach";
import { takeSnapshot } from "./destroy-plan/snapshot";
import { type StackObject, stackObjects } from "./destroy-plan/stack-state";
import { type Step, safeSteps } from "./destroy-plan/steps";
import { keptBuckets, loadBalancers, volumes } from "./destroy-plan/storage";
import { terminatingNamespaces } from "./destroy-plan/terminating";
import { deafWebhooks } from "./destroy-plan/webhooks";
import type { ProjectStack } from "./project-stacks";

/** What the engine deletes at once; it begins no wave before the one ahead of it has ended. */
export interface Wave {
  /** From 1. */
  readonly wave: number;
  readonly objects: readonly (ObjectName & {
    readonly name: string;
    readonly cluster: string;
    readonly component: string;
  })[];
}

export interface DestroyPlan {
  readonly environment: string;
  readonly stack: string;
  readonly clusters: readonly {
    readonly cluster: string;
    readonly reachable: boolean;
    /** Objects of the stack there. */
    readonly objects: number;
  }[];
  readonly waves: readonly Wave[];
  /** What hangs first. */
  readonly findings: readonly Finding[];
  /** The commands in the order in which they are safe. */
  readonly steps: readonly Step[];
  readonly summary: Readonly<Record<Verdict, number>> & { readonly objects: number; readonly waves: number };
}

/** A cluster that is not the one that the stack deployed to, as a sentence. */
export class ClusterMistaken extends Error {
  override readonly name = "ClusterMistaken";
}

/**
 * @param root folder of Pulumi.yaml
 * @throws StateUnreadable when the engine cannot read the stack's state
 * @throws ClusterMistaken when a context leads to another cluster
 */
export async function planDestroy({ environment, stack }: ProjectStack, root: string): Promise<DestroyPlan> {
  const objects = await stackObjects(environment, { root, stack });
  const names = [...new Set(objects.map(({ cluster }) => cluster))].filter((cluster) => cluster !== "");
  const looked = await Promise.all(
    names.map((cluster) =>
      look(environment, root, {
        cluster,
        stack,
        objects: objects.filter((one) => one.cluster === cluster),
      }),
    ),
  );
  const findings = byWeight([
    ...looked.flatMap((one) => one.findings),
    ...protectedObjects(objects, stack),
    ...keptBuckets(environment, objects),
  ]);
  const waves = wavesOf(objects);
  return {
    environment: environment.name,
    stack,
    clusters: looked.map(({ cluster, reachable }) => ({
      cluster,
      reachable,
      objects: objects.filter((one) => one.cluster === cluster).length,
    })),
    waves,
    findings,
    steps: safeSteps(findings, { stack, isEmpty: objects.length === 0 }),
    summary: { objects: objects.length, waves: waves.length, ...countVerdicts(findings) },
  };
}

interface Looked {
  readonly cluster: string;
  readonly reachable: boolean;
  readonly findings: readonly Finding[];
}

/** What one cluster says against its end. */
async function look(
  environment: Environment,
  root: string,
  {
    cluster,
    objects,
    stack,
  }: { readonly cluster: string; readonly stack: string; readonly objects: readonly StackObject[] },
): Promise<Looked> {
  let live: LiveCluster | undefined;
  try {
    live = await LiveCluster.open(clusterAccess(environment, root, cluster));
    const mark = await readIdentity(live);
    if (mark && (mark.environment !== environment.name || mark.cluster !== cluster || mark.stack !== stack)) {
      throw new ClusterMistaken(
        `the context of cluster ${cluster} leads to cluster ${mark.cluster} of environment ${mark.environment} (stack ${mark.stack}): ` +
          `a destroy of stack ${stack} would delete what is not its own. Mend \`context\` in the environment file or the kubeconfig.`,
      );
    }
    const namespaces = objects.flatMap(({ kind, name }) => (kind === "Namespace" ? [name] : []));
    const snapshot = await takeSnapshot(live, namespaces);
    const scene = clusterScene(environment, cluster, snapshot, objects);
    const finders = [
      ...[deafApis, deafWebhooks, heldByFinalizers, podsOfLostNodes, terminatingNamespaces, unlistedKinds],
      ...[volumes, loadBalancers, lostObjects, leftObjects],
    ];
    return { cluster, reachable: true, findings: finders.flatMap((find) => find(scene)) };
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error;
    return { cluster, reachable: false, findings: [unreachable(cluster, stack, objects, error.message)] };
  } finally {
    live?.close();
  }
}

function wavesOf(objects: readonly StackObject[]): Wave[] {
  const numbers = [...new Set(objects.map(({ wave }) => wave))].sort((a, b) => a - b);
  return numbers.map((wave) => ({
    wave,
    objects: objects
      .filter((one) => one.wave === wave)
      .map(({ cluster, component, group, kind, name, namespace }) => ({
        cluster,
        component,
        group,
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        name,
      })),
  }));
}

/** 3 when something would hang, 5 when it could not be known, else 0. */
export function exitCodeOf(plans: readonly DestroyPlan[]): 0 | 3 | 5 {
  if (plans.some(({ summary }) => summary.hangs > 0)) return 3;
  return plans.some(({ summary }) => summary.unknown > 0) ? 5 : 0;
}
