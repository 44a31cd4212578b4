/**
 * The way in: a router finds for each series the ingestors that keep it, and is done when most of them have it.
 *
 *     Prometheus, collectors ──remote write, mutual TLS──▶ router ──gRPC, mutual TLS──▶ ingestors ──blocks──▶ bucket
 *     (of spokes: by the load balancer)                    (ring: ketama)              (2 h each)
 *
 * @see https://thanos.io/tip/components/receive.md/
 */
import { type AddressPeer, ANYWHERE, type Peer } from "../flow";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import type { ObjectStore } from "../object-store";
import type { Workload } from "../workload";
import type { Claim } from "../workload/volumes";
import { bucketUpload } from "./bucket";
import {
  BETWEEN_PARTS,
  GRPC_PORT,
  INGESTOR,
  RECEIVE,
  RECEIVE_PODS,
  REMOTE_WRITE_PORT,
  REPLICA_LABELS,
  TENANT_HEADER,
  TENANT_LABEL_NAME,
  THANOS_NAMESPACE,
  thanosPods,
} from "./names";
import {
  CONFIGURATION_FOLDER,
  clientTls,
  DATA_FOLDER,
  GRPC,
  type PartSize,
  serverTls,
  type ThanosSettings,
  thanosProcess,
} from "./process";

/** The load balancer by which spokes write. */
export interface Ingest {
  /** DNS name by which spokes reach it; the router's certificate is made out to it. */
  readonly host: string;
  /** Annotations of its Service, by which the cloud is told what kind of load balancer to make. */
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** Ranges of addresses, CIDR, that it takes connections from; none: from every address. */
  readonly sourceRanges: readonly string[];
}

export interface ReceiveArgs extends ThanosSettings {
  /** Pods of the router. */
  readonly routerReplicas: number;
  /** Pods of the ingestors. */
  readonly ingestorReplicas: number;
  /** Hours for which ingestors keep what they took. */
  readonly localRetentionHours: number;
  /** Volume of each ingestor. */
  readonly claim: Claim;
  /** What one pod of each may use. */
  readonly sizes: { readonly receive: PartSize; readonly ingestor: PartSize };
  /** Bucket of metrics. */
  readonly objectStore: ObjectStore;
  /** Name of the hub. */
  readonly cluster: string;
  /** Whose series are those that name no tenant. */
  readonly defaultTenant: string;
  /** Way in for spokes; undefined where there are none. */
  readonly ingest: Ingest | undefined;
}

const HASHRINGS = "hashrings.json";

/** Name of the Service that leads spokes to the router. */
export const INGEST_SERVICE = `${RECEIVE}-ingest`;

/** Copies of each series: three outlive one of them without doubt; two copies are enough once one has it; one is one. */
export const copiesOf = (ingestors: number) => Math.min(3, ingestors);

/** Address of one ingestor by the name that its pod keeps. */
const addressOf = (index: number) => `${INGESTOR}-${index}.${INGESTOR}-pods.${THANOS_NAMESPACE}.svc:${GRPC_PORT}`;

/** What routers and ingestors must say alike. */
const tenancy = (defaultTenant: string) => [
  `--receive.tenant-header=${TENANT_HEADER}`,
  `--receive.tenant-label-name=${TENANT_LABEL_NAME}`,
  `--receive.default-tenant-id=${defaultTenant}`,
];

/** Routers, ingestors, and the load balancer in front. */
export function receive(args: ReceiveArgs): Workload[] {
  return [router(args), ingestor(args)];
}

/** It keeps nothing: without an endpoint of its own it is a router only. */
function router(args: ReceiveArgs): Workload {
  const { defaultTenant, ingest, ingestorReplicas, routerReplicas, sizes } = args;
  const endpoints = Array.from({ length: ingestorReplicas }, (_, index) => ({ address: addressOf(index) }));
  const made = thanosProcess(
    {
      component: "receive",
      objectName: RECEIVE,
      subcommand: "receive",
      replicas: routerReplicas,
      size: sizes.receive,
      flags: [
        `--remote-write.address=:${REMOTE_WRITE_PORT}`,
        ...serverTls("remote-write.server-tls"),
        ...clientTls("remote-write.client"),
        `--receive.hashrings-file=${CONFIGURATION_FOLDER}/${HASHRINGS}`,
        // the default moves nearly every series when an ingestor is added, this one its share
        "--receive.hashrings-algorithm=ketama",
        `--receive.replication-factor=${copiesOf(ingestorReplicas)}`,
        ...tenancy(defaultTenant),
        // it asks for a label from whoever stores, and cannot know that this one does not
        '--label=receive_router="true"',
        `--tsdb.path=${DATA_FOLDER}`,
      ],
      files: { [HASHRINGS]: JSON.stringify([{ hashring: "default", endpoints }], null, 2) },
      grpcNames: ingest ? [ingest.host] : [],
      ports: [{ name: "remote-write", port: REMOTE_WRITE_PORT, servicePort: REMOTE_WRITE_PORT, appProtocol: "tls" }],
      volumes: { data: { scratchMiB: 64 } },
      mounts: [{ volume: "data", path: DATA_FOLDER }],
      receives: ingest ? [{ from: senders(ingest), ports: ["remote-write"], why: "spokes send metrics" }] : [],
      reaches: [{ to: thanosPods("receive-ingestor"), ports: [GRPC_FLOW], why: BETWEEN_PARTS }],
      // requests under way end before the pod does
      terminationGracePeriodSeconds: 60,
    },
    args,
  );
  return ingest ? { ...made, objects: [...made.objects, ingestService(ingest)] } : made;
}

/** It has no ring: what it is sent it keeps, in a database per tenant. */
function ingestor(args: ReceiveArgs): Workload {
  const { claim, cluster, defaultTenant, ingestorReplicas, localRetentionHours, objectStore, sizes } = args;
  const { files, flags, ...access } = bucketUpload(objectStore);
  const peers: Peer[] = [RECEIVE_PODS, thanosPods("query")];
  return thanosProcess(
    {
      component: "receive-ingestor",
      objectName: INGESTOR,
      subcommand: "receive",
      kind: "StatefulSet",
      replicas: ingestorReplicas,
      size: sizes.ingestor,
      ...access,
      files,
      flags: [
        `--tsdb.path=${DATA_FOLDER}`,
        `--tsdb.retention=${localRetentionHours}h`,
        // two clusters that write at different speeds meet here: a minute late is not too late
        "--tsdb.out-of-order.time-window=1m",
        // labels of blocks, other than any that a series has: those would be overwritten
        `--label=receive_cluster="${cluster}"`,
        `--label=${REPLICA_LABELS.ingestor}="$(POD_NAME)"`,
        ...tenancy(defaultTenant),
        ...flags,
      ],
      env: [{ name: "POD_NAME", fieldPath: "metadata.name" }],
      grpcNames: [],
      receives: peers.map((from) => ({ from, ports: [GRPC.name], why: BETWEEN_PARTS })),
      claims: { data: claim },
      mounts: [{ volume: "data", path: DATA_FOLDER }],
      // at its end it writes what is in memory as a block, and uploads it
      terminationGracePeriodSeconds: 900,
    },
    args,
  );
}

const GRPC_FLOW = { port: GRPC_PORT, protocol: "TCP" } as const;

const senders = ({ sourceRanges }: Ingest): AddressPeer => ({
  cidrs: sourceRanges.length > 0 ? sourceRanges : ANYWHERE,
  reason: "spokes come by a load balancer, from addresses of their own network",
});

/** Local: the address that a connection comes from stays what it is, so that the network policy can judge it. */
function ingestService({ serviceAnnotations, sourceRanges }: Ingest): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: INGEST_SERVICE,
      namespace: THANOS_NAMESPACE,
      labels: objectLabels("thanos", "receive"),
      ...(Object.keys(serviceAnnotations).length > 0 ? { annotations: serviceAnnotations } : {}),
    },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      ...(sourceRanges.length > 0 ? { loadBalancerSourceRanges: sourceRanges } : {}),
      selector: RECEIVE_PODS.pods,
      ports: [
        {
          name: "remote-write",
          port: REMOTE_WRITE_PORT,
          targetPort: "remote-write",
          protocol: "TCP",
          appProtocol: "tls",
        },
      ],
    },
  };
}
