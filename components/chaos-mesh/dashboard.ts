/**
 * The dashboard: shows experiments. Whoever uses it brings a token of their own, with which everything is done; no
 * gateway leads to it, it is reached by `kubectl port-forward`.
 */

import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";

export interface DashboardArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** What its pod may use. */
  readonly size: Size;
}

const HTTP = { name: "http", port: 2333 };
const METRICS = { name: "metric", port: 2334 };

const DATA = "/data";

export function dashboard({ image, size }: DashboardArgs): Workload {
  return workload({
    namespace: CHAOS_MESH_NAMESPACE,
    name: "chaos-mesh",
    component: "dashboard",
    objectName: "chaos-dashboard",
    image,
    size,
    replicas: 1,
    command: ["/usr/local/bin/chaos-dashboard"],
    env: [
      { name: "TZ", value: "UTC" },
      { name: "CLUSTER_SCOPED", value: "true" },
      { name: "TARGET_NAMESPACE", value: "" },
      { name: "ENABLE_FILTER_NAMESPACE", value: "true" },
      { name: "SECURITY_MODE", value: "true" },
      { name: "GCP_SECURITY_MODE", value: "false" },
      { name: "DNS_SERVER_CREATE", value: "true" },
      { name: "ENABLE_PROFILING", value: "false" },
      { name: "ROOT_URL", value: `http://localhost:${HTTP.port}` },
      { name: "LISTEN_PORT", value: String(HTTP.port) },
      { name: "METRIC_PORT", value: String(METRICS.port) },
      { name: "DATABASE_DRIVER", value: "sqlite3" },
      { name: "DATABASE_DATASOURCE", value: `${DATA}/core.sqlite` },
    ],
    ports: [{ ...HTTP, servicePort: HTTP.port, appProtocol: "http" }, METRICS],
    readiness: { how: { tcp: HTTP.name } },
    liveness: { how: { tcp: HTTP.name }, initialDelaySeconds: 15 },
    mounts: [{ volume: "data", path: DATA }],
    // what it keeps is a copy of what the API server says
    volumes: { data: { scratchMiB: 512 } },
    scrape: { port: METRICS.name },
    podDepartures: {
      apiToken: "it watches experiments, and asks the API server whether a token may do what its owner wants",
      singleReplica: "it keeps its copy in a file, and experiments run and end without it",
    },
  });
}
