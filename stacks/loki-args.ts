/** From an environment to its Loki. */
import type { LokiArgs } from "../components/loki";
import type { Environment } from "./environment";
import { objectStoreOf } from "./object-store";
import { platformIssuer } from "./sandbox-controllers";

/** Whether the hub keeps logs: it is to, and there is a place for them. */
export const keepsLogs = ({ components, objectStore, sandbox }: Environment): boolean =>
  components.loki.management === "managed" && (sandbox !== undefined || objectStore?.buckets.loki !== undefined);

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined on spokes, and where logs are not kept here
 */
export function lokiArgs(environment: Environment, name: string, image: (of: string) => string): LokiArgs | undefined {
  if (environment.clusters[name]?.role !== "hub" || !keepsLogs(environment)) return undefined;
  const { megabytesPerSecond, replicas, retentionDays, storageClass, volumeGiB } = environment.components.loki;
  const objectStore = objectStoreOf(environment, "loki");
  const differing = Object.entries(environment.tenants).flatMap(([tenant, { logs }]) => {
    const own = {
      ...(logs.retentionDays === undefined ? {} : { retentionDays: logs.retentionDays }),
      ...(logs.megabytesPerSecond === undefined ? {} : { ingestionMegabytesPerSecond: logs.megabytesPerSecond }),
    };
    return Object.keys(own).length > 0 ? [[tenant, own] as const] : [];
  });
  return {
    environment: environment.name,
    image: image("loki"),
    issuer: platformIssuer(environment),
    objectStore,
    ...(objectStore.kind === "filesystem" ? {} : { replicas }),
    volumeGiB,
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    limits: { retentionDays, ingestionMegabytesPerSecond: megabytesPerSecond },
    tenants: Object.fromEntries(differing),
  };
}
