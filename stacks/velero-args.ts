/** From an environment to the backups of one of its clusters. */
import type { ObjectStore } from "../components/object-store";
import { namespacesOn } from "../components/tenant";
import type { VeleroArgs } from "../components/velero";
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
  const { hourUtc, management, restores, retentionDays } = environment.components.velero;
  const store = storeOf(environment);
  if (store === undefined || management === "external" || management === "off") return undefined;
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

/** Where backups go; undefined where there is no place for them, and nobody said that there must be one. */
function storeOf(environment: Environment): ObjectStore | undefined {
  const { components, objectStore, sandbox } = environment;
  const isWanted = components.velero.management === "managed" || objectStore?.buckets.velero !== undefined;
  return isWanted || sandbox ? objectStoreOf(environment, "velero") : undefined;
}
