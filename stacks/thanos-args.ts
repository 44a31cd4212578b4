/** From an environment to the hub's Thanos. */
import { PLATFORM_ISSUER } from "../components/cert-manager/issuers";
import { PLATFORM_TENANT } from "../components/tenant";
import type { ThanosArgs } from "../components/thanos";
import type { AlertTarget } from "../components/thanos/rule";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";
import { objectStoreOf } from "./object-store";

/** The Alertmanagers of the hub, each by its own name: every one of them must hear of every alert. */
const ALERTMANAGERS: AlertTarget = {
  host: "alertmanager-pods.alertmanager.svc",
  port: 9093,
  serverName: "alertmanager.alertmanager.svc",
  to: { namespace: "alertmanager", pods: "all" },
  ports: [{ port: 9093, protocol: "TCP" }],
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
  const { clusters, components, owner, sandbox } = environment;
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
    issuer: { name: PLATFORM_ISSUER, awaited: !(sandbox?.withoutController.includes("cert-manager") ?? false) },
    objectStore: objectStoreOf(environment, "thanos"),
    defaultTenant: PLATFORM_TENANT,
    alertTarget: components.alertmanager.management === "managed" ? ALERTMANAGERS : undefined,
    ingest: names.length > 1 ? { host: ingestHost(environment), ...ingest } : undefined,
  };
}
