/**
 * A run of `pulumi up` that was killed leaves two things behind: a lock, which refuses the next run, and objects that the
 * state does not know, which a destroy would pass over and leave in the cluster. Both are found here and mended: the lock
 * of a dead process is removed, and what the clusters hold of the stack is recorded, so that `up` and `destroy` alike
 * know of it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clusterObjects } from "../components/cluster-parts";
import { ensureUpstream } from "../components/upstream";
import { SandboxError } from "../sandbox/sandbox-error";
import { clusterArgs } from "../stacks/cluster-args";
import { clusterIdentifier, type Environment } from "../stacks/environment";
import { kubeconfigOf } from "../stacks/kubeconfig";
import { ClusterUnreachable } from "../stacks/live-cluster";
import { lastRunMs } from "../stacks/run-mark";
import { clusterAccess } from "./cluster-access";
import { processEnvironment } from "./engine-environment";
import {
  type Deployment,
  lockFolder,
  type Place,
  projectName,
  readDeployment,
  savedMs,
  stackCluster,
} from "./engine-state";
import { endOrphans } from "./orphans";
import { type ReconciledState, reconciled, type StackCluster } from "./reconciled-state";

/** What a killed run left behind. */
export interface Interruption {
  /** Process ids of the runs that died while holding the lock. */
  readonly deadPids: readonly number[];
  /** What was found, in one sentence. */
  readonly message: string;
}

/** What the last run on the sandbox's own state left behind; undefined when it ended by itself, or still runs. */
export function findInterruption(place: Place): Interruption | undefined {
  const deadPids = lockHolders(lockFolder(place));
  if (deadPids.some(isAlive)) return undefined;
  const { root, stack } = place;
  const isUnsaved = (lastRunMs(root, stack) ?? 0) > (savedMs(place) ?? 0);
  const isPending = (readDeployment(place)?.pending_operations ?? []).length > 0;
  if (deadPids.length === 0 && !isUnsaved && !isPending) return undefined;
  const lock = deadPids.length > 0 ? `its lock (process ${deadPids.join(", ")}) is still there` : "its lock is gone";
  const message = `the last run on stack ${stack} was killed: ${lock}, and the state does not say how far it came`;
  return { deadPids, message };
}

/**
 * Mends what {@link findInterruption} found.
 *
 * @param variables of the engine, see engine-environment.ts
 * @returns a sentence that says what was done; undefined when there was nothing to do
 * @throws SandboxError when a cluster that must be asked cannot be reached
 */
export async function cureInterruption(
  environment: Environment,
  place: Place,
  variables: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const found = findInterruption(place);
  if (!found) return undefined;
  const run = { cwd: place.root, env: processEnvironment(variables), extendEnv: false };
  await endOrphans(); // or objects would appear after they were looked for
  const { resources, recorded, forgotten } = await asClustersShow(environment, place);
  if (found.deadPids.length > 0) await execa("pulumi", ["cancel", "--yes"], run);
  const { stdout } = await execa("pulumi", ["stack", "export"], run);
  const exported = JSON.parse(stdout) as { deployment: Deployment };
  const { pending_operations: _, ...rest } = exported.deployment;
  // also where nothing changes: saved once more, the state is newer than the run
  const deployment = { ...rest, resources };
  await execa("pulumi", ["stack", "import"], { ...run, input: JSON.stringify({ ...exported, deployment }) });
  const lock = found.deadPids.length > 0 ? "the lock was removed, " : "";
  return `${found.message}: ${lock}${recorded} objects that it made were recorded, and ${forgotten} that are gone were struck out`;
}

/** The state as the clusters show it. */
async function asClustersShow(environment: Environment, place: Place): Promise<ReconciledState> {
  const { root, stack } = place;
  const head = { stack, project: projectName(root) };
  await ensureUpstream();
  let state: ReconciledState = { resources: readDeployment(place)?.resources ?? [], recorded: 0, forgotten: 0 };
  for (const cluster of clustersOf(environment, place)) {
    try {
      const { resources, recorded, forgotten } = await reconciled(cluster, state.resources, head);
      state = { resources, recorded: state.recorded + recorded, forgotten: state.forgotten + forgotten };
    } catch (error) {
      if (!(error instanceof ClusterUnreachable)) throw error;
      throw new SandboxError(
        `the last run on stack ${stack} was killed, and what it left cannot be seen: cluster ${cluster.identity.cluster} cannot be ` +
          `reached (${error.message}). Start the clusters, then try again.`,
      );
    }
  }
  return state;
}

/** The clusters that the stack holds: all, or the one that its file names. */
function clustersOf(environment: Environment, { root, stack }: Place): StackCluster[] {
  const only = stackCluster({ root, stack });
  return Object.keys(environment.clusters)
    .filter((cluster) => only === undefined || cluster === only)
    .map((cluster) => {
      const access = clusterAccess(environment, root, cluster);
      return {
        access,
        context: access.context,
        kubeconfig: kubeconfigOf(environment),
        clusterIdentifier: clusterIdentifier(environment, cluster),
        identity: { environment: environment.name, cluster, stack },
        objects: clusterObjects(clusterArgs(environment, cluster, stack)),
      };
    });
}

/** Process ids in the lock files that this machine wrote. */
function lockHolders(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number; hostname: string })
    .filter((lock) => lock.hostname === hostname())
    .map(({ pid }) => pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
