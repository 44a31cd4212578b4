/**
 * The Pulumi program: the environment, checked; each cluster, inspected; its objects, registered. One stack holds a
 * whole environment or, with `fleetwright:cluster`, one cluster of it; nothing crosses from one cluster to another but
 * what the environment file says, so shards need no order among themselves.
 */
import * as pulumi from "@pulumi/pulumi";
import { clusterObjects } from "../components/cluster-parts";
import { ClusterPlatform } from "../components/cluster-platform";
import { engineSlots } from "../components/definitions-gate";
import { ensureUpstream } from "../components/upstream";
import type { PolicyPhase } from "../policies/parameters";
import { clusterArgs } from "./cluster-args";
import { clusterIdentifier, type Environment, loadEnvironment } from "./environment";
import type { InfrastructureOutputs } from "./infrastructure";
import { inspect } from "./inspection";
import { kubeconfigOf, kubeconfigPath } from "./kubeconfig";
import { phaseWarnings, policyPhases } from "./policy-phases";
import { programError } from "./program-error";
import { projectRoot } from "./project";
import { markRun } from "./run-mark";
import { awaitKinds } from "./served-kinds";
import { spareDiagnostics } from "./spared-diagnostics";
import { spareOutputs } from "./spared-outputs";

/** What a stack says of itself when it is done. */
export interface Outputs {
  /** Name of the environment. */
  readonly environment: string;
  /** Objects of each cluster of this stack. */
  readonly objects: Readonly<Record<string, number>>;
  /** What the rules mean at the API server of each cluster of this stack. */
  readonly policyPhases: Readonly<Record<string, PolicyPhase>>;
}

/**
 * Registers what the selected stack holds.
 *
 * @throws pulumi.RunError with the sentence to show when the environment is wrong or a cluster must not be changed
 */
export async function program(): Promise<Outputs | InfrastructureOutputs> {
  try {
    return await register(new pulumi.Config("fleetwright"), pulumi.getStack());
  } catch (error) {
    throw programError(error);
  }
}

async function register(config: pulumi.Config, stack: string): Promise<Outputs | InfrastructureOutputs> {
  const environment = loadEnvironment(config.require("environment"));
  const names = clustersOf(environment, config.get("cluster"), stack);
  if (partOf(config.get("part"), stack) === "infrastructure") {
    return infrastructure().registerInfrastructure(environment, names);
  }
  const kubeconfig = kubeconfigOf(environment);
  await ensureUpstream();
  const platforms = names.map((cluster) => {
    const args = clusterArgs(environment, cluster, stack);
    const context = environment.clusters[cluster]?.context ?? cluster;
    const access = { kubeconfig: kubeconfigPath(environment, projectRoot()), context };
    return { cluster, args, objects: clusterObjects(args), access };
  });
  const outcomes = await Promise.allSettled(
    platforms.map(({ access, cluster, objects }) =>
      inspect(
        access,
        objects.map(({ object }) => object),
        {
          mine: { environment: environment.name, cluster, stack },
          adopt: environment.adopt,
          administrators: environment.policy.administrators,
          deploys: !pulumi.runtime.isDryRun(),
          refuseDeadWebhooks: environment.sandbox !== undefined,
        },
      ),
    ),
  );
  const inspections = valuesOf(outcomes);
  const phases = policyPhases(environment, names);
  const warnings = [...phaseWarnings(phases), ...inspections.flatMap((inspection) => inspection.warnings)];
  for (const sentence of warnings) await pulumi.log.warn(sentence);
  if (environment.sandbox && !pulumi.runtime.isDryRun()) markRun(projectRoot(), stack);
  spareDiagnostics();
  spareOutputs();
  const slots = Math.max(1, Math.floor(engineSlots() / platforms.length));
  const made = platforms.map(({ access, cluster, objects }, index) => {
    return new ClusterPlatform(cluster, {
      kubeconfig,
      context: access.context,
      clusterIdentifier: clusterIdentifier(environment, cluster),
      objects,
      // only a preview needs to know: `up` deletes and makes anew by itself
      takeOver: environment.adopt,
      replaced: pulumi.runtime.isDryRun() ? (inspections[index]?.replaced ?? new Set()) : new Set(),
      slots,
      served: (definitions) => awaitKinds(cluster, access, definitions),
    });
  });
  await Promise.all(made.map(({ registered }) => registered));
  return {
    environment: environment.name,
    objects: Object.fromEntries(platforms.map(({ cluster, objects }) => [cluster, objects.length])),
    policyPhases: phases,
  };
}

/** @throws Error when the stack names a cluster that the environment does not have */
function clustersOf(environment: Environment, selected: string | undefined, stack: string): string[] {
  const names = Object.keys(environment.clusters);
  if (selected === undefined) return names;
  if (names.includes(selected)) return [selected];
  throw new Error(
    `Pulumi.${stack}.yaml: fleetwright:cluster is "${selected}", must be one of ${environment.file}: ${names.join(", ")}`,
  );
}

/**
 * Loaded only here: the cloud's SDK is large, and only who makes clusters installs it.
 *
 * @throws Error that says what to install
 */
function infrastructure(): typeof import("./infrastructure") {
  try {
    return require("./infrastructure") as typeof import("./infrastructure");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !message.includes("@pulumi/aws")) throw error;
    throw new Error("fleetwright:part is infrastructure, and @pulumi/aws is not installed: npm install @pulumi/aws@7");
  }
}

/** @throws Error when the stack asks for a part that there is not */
function partOf(part: string | undefined, stack: string): "platform" | "infrastructure" {
  if (part === undefined || part === "platform") return "platform";
  if (part === "infrastructure") return part;
  throw new Error(
    `Pulumi.${stack}.yaml: fleetwright:part is "${part}", must be platform, what runs on clusters, or infrastructure, the clusters`,
  );
}

/** @throws Error with the sentences of all that failed, once none is under way any more */
function valuesOf<T>(outcomes: readonly PromiseSettledResult<T>[]): T[] {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as Error] : []));
  if (reasons.length > 1) throw new Error(reasons.map(({ message }) => message).join("\n"));
  if (reasons[0]) throw reasons[0];
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}
