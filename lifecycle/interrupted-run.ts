/**
 * A run of `pulumi up` that was killed leaves two things behind: a lock, which refuses the next run, and creates that
 * were under way, which the engine does not know to have happened. A destroy would pass them over and leave the objects
 * in the cluster. Both are found here and mended: the lock of a dead process is removed, and each unfinished object
 * that the cluster holds is recorded, so that `up` and `destroy` alike know of it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ClusterUnreachable, LiveCluster } from "../stacks/live-cluster";
import { processEnvironment } from "./engine-environment";
import {
  type Deployment,
  lockFolder,
  type PendingOperation,
  type Place,
  readDeployment,
  type StateResource,
} from "./engine-state";
import { endOrphans } from "./orphans";

/** What a killed run left behind. */
export interface Interruption {
  /** Process ids of the runs that died while holding the lock. */
  readonly deadPids: readonly number[];
  /** Creates that were under way. */
  readonly unfinished: readonly PendingOperation[];
  /** Both in one sentence. */
  readonly message: string;
}

/** What the last run on the sandbox's own state left behind; undefined when it ended by itself, or still runs. */
export function findInterruption(place: Place): Interruption | undefined {
  const pids = lockHolders(lockFolder(place));
  if (pids.some(isAlive)) return undefined;
  const deployment = readDeployment(place);
  const known = new Set(deployment?.resources?.map(({ urn }) => urn));
  const unfinished = (deployment?.pending_operations ?? []).filter(({ resource }) => !known.has(resource.urn));
  if (pids.length === 0 && unfinished.length === 0) return undefined;
  const lock = pids.length > 0 ? `its lock (process ${pids.join(", ")}) is still there` : "its lock is gone";
  const creates = unfinished.length === 0 ? "nothing was under way" : `${unfinished.length} objects were under way`;
  return {
    deadPids: pids,
    unfinished,
    message: `the last run on stack ${place.stack} was killed: ${lock}, and ${creates}`,
  };
}

/**
 * Mends what {@link findInterruption} found.
 *
 * @param variables of the engine, see engine-environment.ts
 * @returns a sentence that says what was done; undefined when there was nothing to do
 * @throws Error when a cluster with unfinished objects cannot be reached, since what it holds must be known
 */
export async function cureInterruption(
  place: Place,
  variables: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const found = findInterruption(place);
  if (!found) return undefined;
  const run = { cwd: place.root, env: processEnvironment(variables), extendEnv: false };
  await endOrphans(); // or objects would appear after they were looked for
  if (found.deadPids.length > 0) await execa("pulumi", ["cancel", "--yes"], run);
  if (found.unfinished.length === 0) return `${found.message}: the lock was removed`;
  const { stdout } = await execa("pulumi", ["stack", "export"], run);
  const exported = JSON.parse(stdout) as { deployment: Deployment };
  const { resources = [], pending_operations: _, ...rest } = exported.deployment;
  const made = await existing(
    found.unfinished.map(({ resource }) => resource),
    resources,
    place.root,
  );
  const deployment = { ...rest, resources: [...resources, ...made] };
  await execa("pulumi", ["stack", "import"], { ...run, input: JSON.stringify({ ...exported, deployment }) });
  return `${found.message}: the lock was removed, and ${made.length} of them, which the cluster holds, were recorded`;
}

/** Those of some unfinished objects that their cluster holds, as finished ones. */
async function existing(
  unfinished: readonly StateResource[],
  known: readonly StateResource[],
  root: string,
): Promise<StateResource[]> {
  const clusters = new Map<string, Promise<LiveCluster>>();
  const found = await Promise.all(
    unfinished.map(async (resource) => {
      const { apiVersion, kind, metadata } = resource.inputs ?? {};
      const provider = known.find(({ urn, id }) => `${urn}::${id}` === resource.provider);
      if (!apiVersion || !kind || !metadata || !provider) return []; // a component or provider is made anew without harm
      const access = provider.inputs as unknown as { kubeconfig: string; context: string };
      const key = JSON.stringify(access);
      const opened = clusters.get(key) ?? LiveCluster.open({ ...access, kubeconfig: join(root, access.kubeconfig) });
      clusters.set(key, opened);
      const cluster = await opened;
      const path = await cluster.pathOf(apiVersion, kind, metadata.namespace);
      const live = path && (await cluster.get(`${path}/${metadata.name}`));
      const id = [metadata.namespace, metadata.name].filter(Boolean).join("/");
      return live ? [{ ...resource, id, outputs: resource.inputs }] : [];
    }),
  )
    .catch((error: unknown) => {
      if (!(error instanceof ClusterUnreachable)) throw error;
      throw new Error(
        `the last run was killed, and what it left cannot be seen: ${error.message}. Start the clusters, then try again.`,
      );
    })
    .finally(() => Promise.allSettled([...clusters.values()].map(async (cluster) => (await cluster).close())));
  return found.flat();
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
