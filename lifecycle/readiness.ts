/**
 * Is everything there that an environment needs? Each missing thing is said with its cure, all at once.
 */
import { existsSync } from "node:fs";
import { readImageLock } from "../components/images";
import { ensureUpstream } from "../components/upstream";
import { sandboxStatus } from "../sandbox/sandbox";
import { type InstalledTool, installedTools, toolFaults } from "../sandbox/toolchain/tools";
import type { Environment } from "../stacks/environment";
import { instanceName, kubeconfigPath } from "../stacks/kubeconfig";
import { type ClusterAccess, LiveCluster } from "../stacks/live-cluster";
import { readIdentity } from "../stacks/ownership";
import { environmentWiring } from "../stacks/wiring";
import { clusterAccess } from "./cluster-access";
import { findInterruption } from "./interrupted-run";

/** One thing that an environment needs. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly message: string;
  /** What to do; absent where nothing is missing. */
  readonly cure?: string;
}

export interface Readiness {
  readonly checks: readonly Check[];
  readonly tools: readonly InstalledTool[];
  /** Images whose digest could not be sourced yet; rule IM-02 denies them in production. */
  readonly unresolvedImages: readonly string[];
  /** By cluster: `ready`, or what is wrong. */
  readonly states: Readonly<Record<string, string>>;
}

/** Looks at tools, upstream files, images, clusters and the last run; changes nothing but the cache of upstream files. */
export async function readiness(environment: Environment, root: string): Promise<Readiness> {
  const [tools, upstream, clusters] = await Promise.all([
    checkTools(),
    checkUpstream(),
    checkClusters(environment, root),
  ]);
  const unresolvedImages = Object.entries(readImageLock(root))
    .filter(([, { digest }]) => digest === "unresolved")
    .map(([name, { repository, tag }]) => `${name} (${repository}:${tag})`);
  return {
    checks: [
      checkNode(),
      ...tools,
      upstream,
      ...(upstream.ok ? checkWiring(environment) : []),
      ...(await checkLastRun(environment, root)),
      ...clusters,
    ],
    tools: installedTools(),
    unresolvedImages,
    states: Object.fromEntries(
      clusters.map(({ name, ok, message }) => [name.replace("cluster ", ""), ok ? "ready" : message]),
    ),
  };
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const message = `node ${process.versions.node}`;
  return ok ? { name: "node", ok, message } : { name: "node", ok, message, cure: "install Node 22, at least 20.19" };
}

async function checkTools(): Promise<Check[]> {
  const faults = await toolFaults("core");
  const count = installedTools().length;
  if (faults.length === 0)
    return [{ name: "tools", ok: true, message: `${count} pinned tools, each as it was installed` }];
  return faults.map(({ tool, message }) => ({
    name: `tool ${tool}`,
    ok: false,
    message,
    cure: "run `fleetwright sandbox up` (or `make up` in a clone), which installs what is missing",
  }));
}

/** Whether all that would be deployed fits together; needs upstream's files. */
function checkWiring(environment: Environment): Check[] {
  const dangling = environmentWiring(environment);
  if (dangling.length === 0) {
    return [{ name: "wiring", ok: true, message: "every reference between objects leads somewhere" }];
  }
  const cure = "make what it names, mend the name, or say who brings it";
  return dangling.map(({ cluster, message }) => ({ name: `wiring of ${cluster}`, ok: false, message, cure }));
}

async function checkUpstream(): Promise<Check> {
  try {
    await ensureUpstream();
    return { name: "upstream manifests", ok: true, message: "all that upstream.lock.yaml names are here" };
  } catch (error) {
    const cure = "connect to a Go module proxy, or set FLEETWRIGHT_UPSTREAM to a folder that mirrors the files";
    return { name: "upstream manifests", ok: false, message: (error as Error).message, cure };
  }
}

async function checkLastRun(environment: Environment, root: string): Promise<Check[]> {
  if (!environment.sandbox) return [];
  const interruption = findInterruption({ root, stack: environment.name });
  if (!interruption) return [{ name: "last run", ok: true, message: "ended by itself" }];
  const cure = 'evaluate `eval "$(fleetwright env)"` again, which mends the state, then `pulumi up`';
  return [{ name: "last run", ok: false, message: interruption.message, cure }];
}

async function checkClusters(environment: Environment, root: string): Promise<Check[]> {
  const kubeconfig = kubeconfigPath(environment, root);
  const startIt = environment.sandbox
    ? "run `fleetwright sandbox up` (or `make up` in a clone)"
    : "mend `context` or the kubeconfig";
  if (!existsSync(kubeconfig)) {
    return Object.keys(environment.clusters).map((cluster) => ({
      name: `cluster ${cluster}`,
      ok: false,
      message: `not reachable: there is no kubeconfig ${kubeconfig}`,
      cure: startIt,
    }));
  }
  const problems = environment.sandbox ? await sandboxProblems(root) : new Map<string, string>();
  return Promise.all(
    Object.keys(environment.clusters).map(async (cluster) => {
      const problem = problems.get(cluster);
      if (problem) return { name: `cluster ${cluster}`, ok: false, message: problem, cure: startIt };
      return checkCluster(environment, cluster, clusterAccess(environment, root, cluster), startIt);
    }),
  );
}

/** What the sandbox knows to be wrong, by cluster. */
async function sandboxProblems(root: string): Promise<Map<string, string>> {
  const { clusters } = await sandboxStatus({ projectRoot: root, instance: instanceName() });
  return new Map(clusters.flatMap(({ name, problems }) => (problems.length > 0 ? [[name, problems.join(" ")]] : [])));
}

async function checkCluster(
  environment: Environment,
  cluster: string,
  access: ClusterAccess,
  startIt: string,
): Promise<Check> {
  const name = `cluster ${cluster}`;
  let live: LiveCluster | undefined;
  try {
    live = await LiveCluster.open(access);
    const version = await live.get<{ gitVersion: string }>("/version");
    const identity = await readIdentity(live);
    const wanted = environment.clusters[cluster]?.kubernetes;
    if (!version?.gitVersion.startsWith(`v${wanted}.`)) {
      const cure = `say kubernetes: "${version?.gitVersion.replace(/^v(\d+\.\d+).*/, "$1")}" in ${environment.file}, which Pod Security labels are pinned to`;
      return {
        name,
        ok: false,
        message: `runs Kubernetes ${version?.gitVersion}, the environment says ${wanted}`,
        cure,
      };
    }
    if (identity && (identity.environment !== environment.name || identity.cluster !== cluster)) {
      const message = `context ${access.context} leads to cluster ${identity.cluster} of environment ${identity.environment}`;
      return { name, ok: false, message, cure: "mend `context` in the environment file or the kubeconfig" };
    }
    return { name, ok: true, message: `Kubernetes ${version.gitVersion}${identity ? "" : ", nothing deployed yet"}` };
  } catch (error) {
    return { name, ok: false, message: `not reachable: ${(error as Error).message}`, cure: startIt };
  } finally {
    live?.close();
  }
}
