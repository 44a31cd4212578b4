/** Where Grafana lives, and how it is reached. */
import type { PodsPeer } from "../flow";
import { selectorLabels } from "../labels";

/** The cluster base makes it, on the hub. */
export const GRAFANA_NAMESPACE = "grafana";

/** Name of the workload and of its Service. */
export const GRAFANA = "grafana";

/** Grafana's own. */
export const GRAFANA_PORT = 3000;

export const GRAFANA_PODS: PodsPeer = { namespace: GRAFANA_NAMESPACE, pods: selectorLabels(GRAFANA, "server") };

/** Folders that its configuration names; each is one volume. */
export const FOLDERS = {
  configuration: "/etc/grafana/configuration",
  dashboards: "/etc/grafana/dashboards",
  secrets: "/etc/grafana/secrets",
  database: "/etc/grafana/database",
  tls: "/etc/grafana/tls",
  data: "/var/lib/grafana",
} as const;

/** Folder of dashboards in Grafana, and the source that they ask: the platform's own metrics, of all clusters. */
export const PLATFORM_FOLDER = "Platform";
