/** From an environment to the backups of one of its clusters. */
import { namespacesOn } from "../components/tenant";
import type { VeleroArgs } from "../components/velero";
import type { Environment } from "./environment";
import type { EnvironmentSpec } from "./environment-schema";
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

/** Whether Velero is the platform's own here: where it is asked for, and where there is a place for backups. */
export function makesBackups({
  components,
  objectStore,
  sandbox,
}: Pick<EnvironmentSpec, "components" | "objectStore" | "sandbox">): boolean {
  const { management } = components.velero;
  if (management !== undefined) return management === "managed";
  return objectStore?.buckets.velero !== undefined || sandbox !== undefined;
}
