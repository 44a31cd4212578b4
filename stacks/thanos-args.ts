/** From an environment to the hub's Thanos. */
import {
  ALERTMANAGER_HOST,
  ALERTMANAGER_NAMESPACE,
  ALERTMANAGER_PODS_HOST,
  ALERTMANAGER_PORT,
} from "../components/alertmanager/program";
import { PLATFORM_TENANT } from "../components/tenant";
import type { ThanosArgs } from "../components/thanos";
import type { AlertTarget } from "../components/thanos/rule";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";
import { objectStoreOf } from "./object-store";
import { platformIssuer } from "./sandbox-controllers";

/** The Alertmanagers of the hub, each by its own name: every one of them must hear of every alert. */
const ALERTMANAGERS: AlertTarget = {
  host: ALERTMANAGER_PODS_HOST,
  port: ALERTMANAGER_PORT,
  serverName: ALERTMANAGER_HOST,
  to: { namespace: ALERTMANAGER_NAMESPACE, pods: "all" },
  ports: [{ port: ALERTMANAGER_PORT, protocol: "TCP" }],
};

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined on spokes, and where Thanos is somebody else's, or off
 */
export function thanosArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): ThanosArgs | undefined {
  const { clusters, components, owner } = environment;
  const { ingest, management, ...settings } = components.thanos;
  if (management !== "managed" || clusters[name]?.role !== "hub") return undefined;
  const names = Object.keys(clusters);
  return {
    ...settings,
    environment: environment.name,
    cluster: name,
    clusters: names,
    owner,
    image: image("thanos"),
    issuer: platformIssuer(environment),
    objectStore: objectStoreOf(environment, "thanos"),
    defaultTenant: PLATFORM_TENANT,
    alertTarget: components.alertmanager.management === "managed" ? ALERTMANAGERS : undefined,
    runbookBaseUrl: environment.alerts.runbookBaseUrl,
    ingest: names.length > 1 ? { hosts: [ingestHost(environment, "thanos")], ...ingest } : undefined,
  };
}
