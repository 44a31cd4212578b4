/** From an environment to the Alertmanagers of its hub, and to where each cluster sends its alerts. */
import type { AlertmanagerArgs } from "../components/alertmanager";
import {
  ALERTMANAGER_HOST,
  ALERTMANAGER_NAMESPACE,
  ALERTMANAGER_PODS_HOST,
  ALERTMANAGER_PORT,
} from "../components/alertmanager/program";
import type { TeamAlerts } from "../components/alertmanager/routing";
import { ANYWHERE } from "../components/flow";
import { selectorLabels } from "../components/labels";
import type { AlertReceiver } from "../components/prometheus/alertmanagers";
import { PROMETHEUS_HOST, PROMETHEUS_PODS } from "../components/prometheus/names";
import { COMMON_NAME } from "../components/thanos/names";
import type { Environment } from "./environment";
import { ingestHost } from "./ingest-host";
import { platformIssuer } from "./sandbox-controllers";

/** Its load balancer has an address of its own, so it has a name of its own below that of the hub's ingest. */
const alertHost = (environment: Environment) => ingestHost(environment, "alertmanager");

const isHub = ({ clusters }: Environment, name: string) => clusters[name]?.role === "hub";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined on spokes, and where it is somebody else's or off
 */
export function alertmanagerArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): AlertmanagerArgs | undefined {
  const { components, owner, teams } = environment;
  const { management, serviceAnnotations, sourceRanges, ...settings } = components.alertmanager;
  if (management !== "managed" || !isHub(environment, name)) return undefined;
  const hasSpokes = Object.keys(environment.clusters).length > 1;
  return {
    ...settings,
    environment: environment.name,
    image: image("alertmanager"),
    issuer: platformIssuer(environment),
    owner,
    teams: Object.fromEntries(Object.entries(teams).map(([team, { alerts }]) => [team, teamAlerts(alerts)])),
    senders: components.prometheus.management === "managed" ? [PROMETHEUS_PODS] : [],
    clients: clientsOf(components),
    ingest: hasSpokes
      ? {
          host: alertHost(environment),
          serviceAnnotations,
          sourceRanges,
          keepsSenders: environment.clusters[name]?.cloud !== "aws",
        }
      : undefined,
  };
}

/** Thanos' ruler sends alerts of the fleet, Grafana shows them: each where there is one. */
function clientsOf({ grafana, prometheus, thanos }: Environment["components"]): string[] {
  return [
    ...(prometheus.management === "off" ? [] : [PROMETHEUS_HOST]),
    ...(thanos.management === "off" ? [] : [COMMON_NAME]),
    ...(grafana.management === "off" ? [] : ["grafana.grafana.svc"]),
  ];
}

/** @returns undefined where nobody takes alerts */
export function alertReceiver(environment: Environment, name: string): AlertReceiver | undefined {
  if (environment.components.alertmanager.management !== "managed") return undefined;
  const shared = { port: ALERTMANAGER_PORT, ports: [{ port: ALERTMANAGER_PORT, protocol: "TCP" as const }] };
  if (isHub(environment, name)) {
    return {
      ...shared,
      host: ALERTMANAGER_PODS_HOST,
      serverName: ALERTMANAGER_HOST,
      everyAddress: true,
      to: { namespace: ALERTMANAGER_NAMESPACE, pods: selectorLabels("alertmanager", "server") },
    };
  }
  const host = alertHost(environment);
  const to = { cidrs: ANYWHERE, reason: "the hub's load balancer gets its address from the cloud" };
  return { ...shared, host, serverName: host, everyAddress: false, to };
}

function teamAlerts(alerts: Environment["teams"][string]["alerts"]): TeamAlerts {
  const { channel = "", escalateAfterMinutes, escalateTo, receiver } = alerts;
  return {
    receiver: receiver === "slack" ? { kind: receiver, channel } : { kind: receiver },
    escalation: escalateTo === undefined ? undefined : { team: escalateTo, afterMinutes: escalateAfterMinutes },
  };
}
