/**
 * Drift: what differs between the clusters of some stacks and what was deployed to them. Reads the state, and each cluster
 * once; whose a field is says its API server. What cannot be looked at is unknown, and never drift.
 */
import { clusterObjects } from "../components/cluster-parts";
import { takenOver } from "../components/placed-objects";
import { ensureUpstream } from "../components/upstream";
import { clusterArgs } from "../stacks/cluster-args";
import { clusterAccess } from "./cluster-access";
import { type ClusterDrift, clusterDrift, type DriftTarget, type UnknownPart } from "./drift/cluster-drift";
import { readRecorded, StateError } from "./drift/deployed-state";
import { DRIFT_KINDS, type DriftEntry, type DriftKind, worstFirst } from "./drift/drift-entry";
import type { ForeignFields } from "./drift/foreign-fields";
import { engineEnvironment } from "./engine-environment";
import { findInterruption } from "./interrupted-run";
import type { ProjectStack } from "./project-stacks";

/** What was found in all clusters of some stacks. */
export interface DriftReport {
  readonly clusters: readonly Pick<ClusterDrift, "stack" | "cluster" | "objects" | "undeployed">[];
  /** Worst first. */
  readonly drift: readonly DriftEntry[];
  /** What others own of our objects, and is no drift. */
  readonly foreign: readonly ForeignFields[];
  readonly unknown: readonly UnknownPart[];
  readonly summary: DriftSummary;
}

export interface DriftSummary {
  /** Objects compared. */
  readonly objects: number;
  /** Those among them, or beside them, that drifted. */
  readonly driftedObjects: number;
  readonly kinds: Readonly<Record<DriftKind, number>>;
  /** Fields that others own, by manager, most first. */
  readonly foreignFields: Readonly<Record<string, number>>;
  /** Objects whose deployment is due. */
  readonly undeployed: number;
  readonly unknown: number;
}

/**
 * @param root folder of Pulumi.yaml
 * @throws StateError when nothing was deployed from a stack, or its last run was killed
 * @throws ToolError when the pinned tools are not installed
 */
export async function findDrift(stacks: readonly ProjectStack[], root: string): Promise<DriftReport> {
  const withClusters = stacks.filter(({ clusters }) => clusters.length > 0);
  if (withClusters.length === 0)
    throw new StateError("none of these stacks holds a cluster: there is nothing to compare");
  await ensureUpstream();
  const found: ClusterDrift[] = [];
  for (const stack of withClusters) {
    const targets = await driftTargets(stack, root);
    found.push(...(await Promise.all(targets.map(clusterDrift))));
  }
  return reportOf(found);
}

/** The clusters of a stack, each with what should be there. */
export async function driftTargets(
  { clusters, environment, stack }: ProjectStack,
  root: string,
): Promise<DriftTarget[]> {
  const interruption = environment.sandbox && findInterruption({ root, stack });
  if (interruption) {
    throw new StateError(`${interruption.message}: \`fleetwright env ${environment.name}\` mends that`);
  }
  const recorded = await readRecorded(stack, root, engineEnvironment(environment, { root, stack }));
  return clusters.map((cluster) => {
    const placed = clusterObjects(clusterArgs(environment, cluster, stack));
    return {
      access: clusterAccess(environment, root, cluster),
      mark: { environment: environment.name, cluster, stack },
      declared: environment.adopt ? placed.map(takenOver) : placed,
      recorded: recorded.get(cluster) ?? new Map(),
    };
  });
}

/** Sums up what was found in each cluster. */
export function reportOf(found: readonly ClusterDrift[]): DriftReport {
  const drift = worstFirst(found.flatMap((one) => one.drift));
  const foreign = found.flatMap((one) => one.foreign);
  const unknown = found.flatMap((one) => one.unknown);
  const sum = (count: (one: ClusterDrift) => number) => found.reduce((total, one) => total + count(one), 0);
  const kinds = DRIFT_KINDS.map((kind) => [kind, drift.filter((one) => one.kind === kind).length]);
  const objects = new Set(drift.map(({ cluster, object, stack }) => JSON.stringify([stack, cluster, object])));
  return {
    clusters: found.map(({ cluster, objects: compared, stack, undeployed }) => ({
      ...{ stack, cluster, undeployed },
      objects: compared,
    })),
    ...{ drift, foreign, unknown },
    summary: {
      objects: sum((one) => one.objects),
      driftedObjects: objects.size,
      kinds: Object.fromEntries(kinds) as Record<DriftKind, number>,
      foreignFields: countByManager(foreign),
      undeployed: sum((one) => one.undeployed),
      unknown: unknown.length,
    },
  };
}

function countByManager(foreign: readonly ForeignFields[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { manager, paths } of foreign) counts.set(manager, (counts.get(manager) ?? 0) + paths.length);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
