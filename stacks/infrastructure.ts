/**
 * What a stack with `fleetwright:part: infrastructure` holds: the clusters that the environment makes, and nothing that runs on
 * them. Loaded by such a stack alone, for it knows the cloud's SDK.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment";
import { ManagedCluster } from "./managed-cluster";
import { kubeconfigText } from "./managed-cluster/kubeconfig";
import { managedClusterArgs, managedClusters } from "./managed-cluster-args";

/** What such a stack says of itself. */
export interface InfrastructureOutputs {
  /** Name of the environment. */
  readonly environment: string;
  /** Text of a kubeconfig of its clusters; it holds no secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

/**
 * @param selected clusters of the environment that the stack may hold
 * @throws Error when none of them is made by it; naming what is wrong of one
 */
export function registerInfrastructure(environment: Environment, selected: readonly string[]): InfrastructureOutputs {
  const names = managedClusters(environment).filter((name) => selected.includes(name));
  if (names.length === 0) {
    throw new Error(
      `${environment.file}: fleetwright:part is infrastructure, and no cluster of this stack has provision.kind: eks (${selected.join(", ")})`,
    );
  }
  const all = names.map((name) => managedClusterArgs(environment, name));
  const made = all.map((args) => new ManagedCluster(args.where.cluster, args));
  return {
    environment: environment.name,
    kubeconfig: pulumi.all(made.map(({ entry }) => entry)).apply(kubeconfigText),
  };
}
