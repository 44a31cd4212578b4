/** Where Thanos lives, how its parts are reached, and how whoever uses it says whose data it means. */
import type { PodsPeer } from "../flow";
import { selectorLabels } from "../labels";
import { TENANT_HEADERS } from "../tenant";

/** The cluster base makes it, on the hub. */
export const THANOS_NAMESPACE = "thanos";

/** Names of the workloads, and of the Services of those that have one. */
export const RECEIVE = "thanos-receive";
export const INGESTOR = "thanos-receive-ingestor";
export const QUERY = "thanos-query";
export const QUERY_FRONTEND = "thanos-query-frontend";
export const STORE = "thanos-store";
export const COMPACT = "thanos-compact";
export const RULE = "thanos-rule";

/** Upstream's own ports. */
export const GRPC_PORT = 10901;
export const HTTP_PORT = 10902;
export const REMOTE_WRITE_PORT = 19291;

/** Path of remote write. */
export const REMOTE_WRITE_PATH = "/api/v1/receive";

/** HTTP header that names the tenant, of writes and of queries; without it the platform is meant. */
export const TENANT_HEADER = TENANT_HEADERS.thanos;

/** Label of each series that says whose it is. */
export const TENANT_LABEL_NAME = "tenant_id";

/** Labels by which copies of one series differ: of ingestors, of rulers, and of the two that scrape each cluster. */
export const REPLICA_LABELS = { ingestor: "receive_replica", ruler: "rule_replica", prometheus: "replica" };

/** Name that every part's certificate carries, for a client checks one name for all whom it asks. Nobody looks it up. */
export const COMMON_NAME = "thanos.internal";

/** What parts of Thanos connect to one another for, over gRPC. */
export const BETWEEN_PARTS = "routers write series, queries read them";

/** Pods of one part. */
export const thanosPods = (component: string): PodsPeer => ({
  namespace: THANOS_NAMESPACE,
  pods: selectorLabels("thanos", component),
});

/** Pods that take remote write. */
export const RECEIVE_PODS = thanosPods("receive");

/** Pods that answer queries, the ones to ask. */
export const QUERY_FRONTEND_PODS = thanosPods("query-frontend");

/** Name by which the cluster's own programs reach those pods. */
export const RECEIVE_HOST = `${RECEIVE}.${THANOS_NAMESPACE}.svc`;

/** URL that takes remote write, by mutual TLS with certificates of the platform's CA. */
export const remoteWriteUrl = (host: string) => `https://${host}:${REMOTE_WRITE_PORT}${REMOTE_WRITE_PATH}`;

/** URL of Prometheus' query API over all clusters. */
export const QUERY_URL = `http://${QUERY_FRONTEND}.${THANOS_NAMESPACE}.svc:${HTTP_PORT}`;
