/** Who makes backups in an environment. */
import type { EnvironmentSpec } from "./environment-schema";

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
