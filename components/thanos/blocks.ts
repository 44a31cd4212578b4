/**
 * What happens to blocks in the bucket: the store gateway answers for them, the compactor joins, thins out and deletes them.
 *
 * @see https://thanos.io/tip/components/compact.md/
 */
import type { ObjectStore } from "../object-store";
import type { Workload } from "../workload";
import type { Claim } from "../workload/volumes";
import { bucketAccess } from "./bucket";
import { BETWEEN_PARTS, COMPACT, REPLICA_LABELS, STORE, thanosPods } from "./names";
import {
  CONFIGURATION_FOLDER,
  DATA_FOLDER,
  GRPC,
  type PartSize,
  type ThanosSettings,
  thanosProcess,
  yamlFile,
} from "./process";

/** Days that metrics are kept, by resolution. */
export interface RetentionDays {
  /** As they came. */
  readonly raw: number;
  /** Of five minutes each: made of what is older than 40 hours. */
  readonly fiveMinutes: number;
  /** Of an hour each: made of what is older than 10 days. */
  readonly oneHour: number;
}

export interface BlocksArgs extends ThanosSettings {
  /** Bucket of metrics. */
  readonly objectStore: ObjectStore;
  /** Pods of the store gateway; each answers for every block. */
  readonly storeReplicas: number;
  /** Days that metrics are kept. */
  readonly retentionDays: RetentionDays;
  /** Volume of each pod. */
  readonly claims: { readonly store: Claim; readonly compact: Claim };
  /** What one pod of each may use. */
  readonly sizes: { readonly store: PartSize; readonly compact: PartSize };
}

const INDEX_CACHE = "index-cache.yaml";

/** A quarter of the gateway's memory remembers postings and series; chunks and answers need the rest. */
const SHARE_OF_CACHE = 0.25;

/** Until deleted blocks are gone, hours: longer than any gateway takes to hear of it. Upstream's own. */
const DELETE_DELAY_HOURS = 48;

export function blocks(args: BlocksArgs): Workload[] {
  return [storeGateway(args), compactor(args)];
}

function storeGateway(args: BlocksArgs): Workload {
  const { claims, objectStore, sizes, storeReplicas } = args;
  const { files, flags, ...access } = bucketAccess(objectStore);
  const bytes = Math.floor(sizes.store.memoryMiB * SHARE_OF_CACHE);
  const cache = {
    type: "IN-MEMORY",
    config: { max_size: `${bytes}MiB`, max_item_size: `${Math.max(1, Math.floor(bytes / 16))}MiB` },
  };
  return thanosProcess(
    {
      component: "store",
      objectName: STORE,
      subcommand: "store",
      kind: "StatefulSet",
      replicas: storeReplicas,
      size: sizes.store,
      ...access,
      files: { ...files, [INDEX_CACHE]: yamlFile(cache) },
      flags: [
        `--data-dir=${DATA_FOLDER}/cache`,
        `--index-cache.config-file=${CONFIGURATION_FOLDER}/${INDEX_CACHE}`,
        // half of it at most: the pool grows as chunks are read, whatever the limit of the pod
        `--chunk-pool-size=${Math.floor(sizes.store.memoryMiB / 2)}MiB`,
        // half the time after which the compactor deletes: a gateway stops asking before blocks go
        `--ignore-deletion-marks-delay=${DELETE_DELAY_HOURS / 2}h`,
        "--web.disable-cors",
        "--disable-admin-operations",
        ...flags,
      ],
      grpcNames: [],
      receives: [{ from: thanosPods("query"), ports: [GRPC.name], why: BETWEEN_PARTS }],
      claims: { data: claims.store },
      mounts: [{ volume: "data", path: DATA_FOLDER }],
      // it is ready once it has read what the bucket holds
      startup: { how: { httpGet: "/-/ready", port: "http" }, periodSeconds: 10, failureThreshold: 90 },
      terminationGracePeriodSeconds: 150,
    },
    args,
  );
}

function compactor(args: BlocksArgs): Workload {
  const { claims, objectStore, retentionDays, sizes } = args;
  const { flags, ...access } = bucketAccess(objectStore);
  return thanosProcess(
    {
      component: "compact",
      objectName: COMPACT,
      subcommand: "compact",
      kind: "StatefulSet",
      replicas: 1,
      podDepartures: {
        singleReplica:
          "two compactors of one bucket would join and delete the same blocks; while it is away nothing is lost, the bucket only grows",
      },
      size: sizes.compact,
      ...access,
      flags: [
        "--wait",
        `--data-dir=${DATA_FOLDER}/work`,
        `--retention.resolution-raw=${retentionDays.raw}d`,
        `--retention.resolution-5m=${retentionDays.fiveMinutes}d`,
        `--retention.resolution-1h=${retentionDays.oneHour}d`,
        `--delete-delay=${DELETE_DELAY_HOURS}h`,
        // copies that ingestors made of one another are alike, sample by sample: they become one
        `--deduplication.replica-label=${REPLICA_LABELS.ingestor}`,
        "--web.disable-cors",
        "--disable-admin-operations",
        ...flags,
      ],
      claims: { data: claims.compact },
      mounts: [{ volume: "data", path: DATA_FOLDER }],
      terminationGracePeriodSeconds: 150,
    },
    args,
  );
}
