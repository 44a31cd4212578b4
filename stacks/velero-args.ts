/** From an environment to the backups of one of its clusters. */
import { namespacesOn } from "../components/tenant";
import type { VeleroArgs } from "../components/velero";
import { makesBackups } from "./backups";
import type { Environment } from "./environment";
import { objectStoreOf } from "./object-store";
import { tenantsOn } from "./tenants";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where somebody else makes backups, or nobody
 */
export function veleroArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): VeleroArgs | undefined {
  const { hourUtc, restores, retentionDays } = environment.components.velero;
  const store = makesBackups(environment) ? objectStoreOf(environment, "velero") : undefined;
  if (store === undefined) return undefined;
  return {
    environment: environment.name,
    cluster: name,
    images: { velero: image("velero"), awsPlugin: image("velero-plugin-for-aws") },
    store,
    tenants: tenantsOn(environment, name).map((tenant) => ({
      name: tenant.name,
      namespaces: namespacesOn(tenant, name),
    })),
    timetable: { hourUtc, retentionDays },
    restores,
  };
}
