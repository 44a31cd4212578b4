/**
 * The way out: query asks ingestors, store gateway and rulers, and makes of all copies of a series one. The frontend in
 * front splits long queries by day, remembers answers and tries again.
 *
 * @see https://thanos.io/tip/components/query.md/
 */
import type { Workload } from "../workload";
import {
  BETWEEN_PARTS,
  GRPC_PORT,
  HTTP_PORT,
  INGESTOR,
  QUERY,
  QUERY_FRONTEND,
  REPLICA_LABELS,
  RULE,
  STORE,
  TENANT_HEADER,
  TENANT_LABEL_NAME,
  THANOS_NAMESPACE,
  thanosPods,
} from "./names";
import {
  CONFIGURATION_FOLDER,
  clientTls,
  GRPC,
  HTTP,
  type PartSize,
  type ThanosSettings,
  thanosProcess,
  yamlFile,
} from "./process";

export interface QueryArgs extends ThanosSettings {
  /** Pods of query, and of the frontend. */
  readonly replicas: number;
  /** What one pod of each may use. */
  readonly sizes: { readonly query: PartSize; readonly queryFrontend: PartSize };
  /** Whose series are meant where a query names no tenant. */
  readonly defaultTenant: string;
}

const RESPONSE_CACHE = "response-cache.yaml";

/** Half of the frontend's memory remembers answers; the other half holds those under way. */
const SHARE_OF_CACHE = 0.5;

/** Parts that answer for series; each of their pods is asked. */
const ANSWERING = [
  { name: INGESTOR, component: "receive-ingestor" },
  { name: STORE, component: "store" },
  { name: RULE, component: "rule" },
];

export function query(args: QueryArgs): Workload[] {
  return [querier(args), frontend(args)];
}

function querier(args: QueryArgs): Workload {
  const { defaultTenant, replicas, sizes } = args;
  return thanosProcess(
    {
      component: "query",
      objectName: QUERY,
      subcommand: "query",
      replicas,
      size: sizes.query,
      flags: [
        // names of pods, ready or not: who does not answer is left out and tried again
        ...ANSWERING.map(({ name }) => `--endpoint=dnssrv+_${GRPC.name}._tcp.${name}-pods.${THANOS_NAMESPACE}.svc`),
        ...clientTls("grpc-client"),
        ...Object.values(REPLICA_LABELS).map((label) => `--query.replica-label=${label}`),
        // where a graph has fewer points than there are samples, the coarser resolution answers
        "--query.auto-downsampling",
        // the header decides whose series are seen, whatever the query says
        "--query.enforce-tenancy",
        `--query.tenant-header=${TENANT_HEADER}`,
        `--query.tenant-label-name=${TENANT_LABEL_NAME}`,
        `--query.default-tenant-id=${defaultTenant}`,
        "--web.disable-cors",
      ],
      grpcNames: [],
      ports: [
        { ...HTTP, servicePort: HTTP_PORT },
        { ...GRPC, servicePort: GRPC_PORT },
      ],
      receives: [
        { from: thanosPods("query-frontend"), ports: [HTTP.name], why: "queries are split and remembered in front" },
        { from: thanosPods("rule"), ports: [HTTP.name], why: "rules are evaluated over all clusters" },
      ],
      reaches: ANSWERING.map(({ component }) => ({
        to: thanosPods(component),
        ports: [{ port: GRPC_PORT, protocol: "TCP" }] as const,
        why: BETWEEN_PARTS,
      })),
      // queries take two minutes at most, the program's default
      terminationGracePeriodSeconds: 150,
    },
    args,
  );
}

function frontend(args: QueryArgs): Workload {
  const { replicas, sizes } = args;
  const size = sizes.queryFrontend;
  const cache = {
    type: "IN-MEMORY",
    config: { max_size: `${Math.floor(size.memoryMiB * SHARE_OF_CACHE)}MiB`, max_size_items: 0, validity: "0s" },
  };
  return thanosProcess(
    {
      component: "query-frontend",
      objectName: QUERY_FRONTEND,
      subcommand: "query-frontend",
      replicas,
      size,
      flags: [
        `--query-frontend.downstream-url=http://${QUERY}.${THANOS_NAMESPACE}.svc:${HTTP_PORT}`,
        `--query-range.response-cache-config-file=${CONFIGURATION_FOLDER}/${RESPONSE_CACHE}`,
        `--labels.response-cache-config-file=${CONFIGURATION_FOLDER}/${RESPONSE_CACHE}`,
        // steps begin at multiples of themselves, or no answer would ever be found again
        "--query-range.align-range-with-step",
        "--query-frontend.compress-responses",
        "--query-frontend.log-queries-longer-than=10s",
        "--web.disable-cors",
      ],
      files: { [RESPONSE_CACHE]: yamlFile(cache) },
      ports: [{ ...HTTP, servicePort: HTTP_PORT }],
      reaches: [
        {
          to: thanosPods("query"),
          ports: [{ port: HTTP_PORT, protocol: "TCP" }],
          why: "queries are split and remembered in front",
        },
      ],
      terminationGracePeriodSeconds: 150,
    },
    args,
  );
}
