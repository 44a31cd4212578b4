/** The dashboards of the platform. */
import { type Dashboard, dashboardJson, type PlacedQuery, queriesOf } from "./dashboard";
import { CLUSTER_OVERVIEW } from "./dashboards/cluster-overview";
import { COLLECTOR_PIPELINES } from "./dashboards/collector-pipelines";
import { ISTIO_CONTROL_PLANE } from "./dashboards/istio-control-plane";
import { METRICS_STORAGE } from "./dashboards/metrics-storage";

export const DASHBOARDS: readonly Dashboard[] = [
  CLUSTER_OVERVIEW,
  COLLECTOR_PIPELINES,
  ISTIO_CONTROL_PLANE,
  METRICS_STORAGE,
];

/** File of a dashboard in its folder. */
export const dashboardFile = ({ name }: Pick<Dashboard, "name">) => `${name}.json`;

/** File of the one that is shown first. */
export const HOME_DASHBOARD = dashboardFile(CLUSTER_OVERVIEW);

/** Every query of every dashboard, as a parser of PromQL reads it. */
export const dashboardQueries = (): PlacedQuery[] => queriesOf(DASHBOARDS);

/** All files, one line each: nobody reads them but Grafana. */
export const dashboardFiles = (sourceUid: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    DASHBOARDS.map((dashboard) => [dashboardFile(dashboard), JSON.stringify(dashboardJson(dashboard, sourceUid))]),
  );
