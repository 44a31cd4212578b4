/**
 * From an environment to one of its clusters on Amazon EKS. Everything is computed from the file, so that the stacks of
 * clusters need no order among themselves; only the buckets of an environment are its hub's.
 */
import type { Environment } from "./environment";
import type { ManagedClusterArgs } from "./managed-cluster";
import { addonVersions } from "./managed-cluster/addon-versions";
import { bucketsOf, podRolesOf } from "./object-access";

/** Names of an environment's clusters that are made, and not only reached. */
export const managedClusters = ({ clusters }: Pick<Environment, "clusters">): string[] =>
  Object.keys(clusters).filter((name) => clusters[name]?.provision.kind === "eks");

/**
 * @throws Error naming the field of the environment file, its value and the bound
 */
export function managedClusterArgs(environment: Environment, cluster: string): ManagedClusterArgs {
  const spec = environment.clusters[cluster];
  const eks = spec?.provision.eks;
  if (!spec || !eks) throw new Error(`${environment.file}: clusters.${cluster}.provision.kind must be eks`);
  const name = `${environment.name}-${cluster}`;
  const [cidr = ""] = spec.network.podCidrs;
  if (name.length > 40) {
    throw new Error(
      `${environment.file}: clusters.${cluster} makes "${name}" at AWS, must be at most 40 characters: names of roles end in more`,
    );
  }
  return {
    where: {
      environment: environment.name,
      cluster,
      name,
      account: eks.account,
      region: spec.region,
      zones: spec.zones,
    },
    context: spec.context ?? cluster,
    network: {
      cidr,
      publicCidrs: eks.publicCidrs,
      nodeCidrs: eks.nodeCidrs,
      controlPlaneCidrs: spec.network.apiServerCidrs,
      nat: eks.nat,
    },
    controlPlane: {
      kubernetes: spec.kubernetes,
      serviceCidr: spec.network.serviceCidrs[0] ?? "",
      endpointCidrs: eks.endpointCidrs,
      admins: eks.admins,
    },
    nodeGroups: eks.nodeGroups,
    addons: told(environment, cluster, () => addonVersions(spec.kubernetes, eks.addonVersions)),
    buckets: spec.role === "hub" ? bucketsOf(environment) : [],
    podRoles: podRolesOf(environment, cluster),
    logRetentionDays: eks.logRetentionDays,
  };
}

/** The same error, said of the environment's file. */
function told<T>({ file }: Environment, cluster: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${file}: clusters.${cluster}: ${(error as Error).message}`);
  }
}
