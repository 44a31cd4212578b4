/** From an environment to the backups of one of its clusters. */
import type { ObjectStore } from "../components/object-store";
import type { VeleroArgs } from "../components/velero";
import type { Environment } from "./environment";

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
    tenants: Object.entries(environment.tenants)
      .filter(([, { clusters }]) => clusters?.includes(name) ?? true)
      .map(([tenant, { namespaces }]) => ({ name: tenant, namespaces: Object.keys(namespaces) })),
    timetable: { hourUtc, retentionDays },
    restores,
  };
}

/** Where backups go; undefined where there is no place for them. */
function storeOf({ sandbox }: Environment): ObjectStore | undefined {
  return sandbox ? { kind: "filesystem" } : undefined;
}
