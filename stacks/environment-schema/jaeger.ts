/** Settings of Jaeger. */
import { z } from "zod";
import { externalStore } from "./external-store";
import { cidr, dnsLabel } from "./names";

/** What all stores of traces have in common. */
const traceStore = {
  /** Secret in namespace `jaeger` with keys `username` and `password`, brought by whoever keeps secrets. */
  secretName: dnsLabel,
  /** Secret in namespace `jaeger` with key `ca.crt`: who signed the store's certificate. @default public CAs */
  caSecretName: dnsLabel.optional(),
  /** Ranges of the store's addresses. @default every address */
  cidrs: z.array(cidr).min(1).optional(),
  /** Namespace of the store's pods, where it runs on the hub. @default it runs elsewhere */
  storeNamespace: dnsLabel.optional(),
  /** Days that traces are kept and looked for, 1–365; Elasticsearch and OpenSearch delete by a policy of their own. @default 7 */
  retentionDays: z.int().min(1).max(365).default(7),
};

const searchStore = {
  ...traceStore,
  /** `https` URLs, at least one. */
  urls: z.array(z.url({ protocol: /^https$/, error: "must be an https URL" })).min(1),
  /** First part of the names of all indices. @default the environment's name */
  indexPrefix: dnsLabel.optional(),
  /** Shards of each day's index, 1–100. @default 5, upstream's own */
  shards: z.int().min(1).max(100).default(5),
  /** Copies of each shard besides the first, 0–5. @default 1, upstream's own */
  shardCopies: z.int().min(0).max(5).default(1),
};

export const jaegerStorage = z.discriminatedUnion("kind", [
  z.strictObject({
    /** Elasticsearch 7 or newer. */
    kind: z.literal("elasticsearch"),
    ...searchStore,
  }),
  z.strictObject({
    /** OpenSearch. */
    kind: z.literal("opensearch"),
    ...searchStore,
  }),
  z.strictObject({
    /** Cassandra 4 or newer. */
    kind: z.literal("cassandra"),
    ...traceStore,
    /** Hosts to start from, at least one. */
    hosts: z.array(z.string().min(1)).min(1),
    /** 1–65535. @default 9042, Cassandra's own */
    port: z.int().min(1).max(65_535).default(9042),
    /** Data centre of Cassandra that is asked first. */
    datacenter: z.string().min(1),
    /** Keyspace; made if it is missing. @default jaeger */
    keyspace: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,47}$/, "must be at most 48 lower-case letters, digits and '_'")
      .default("jaeger"),
  }),
]);

export const jaeger = z.strictObject({
  /** Who installs it: `managed` here, collector and query on the hub where `storage` names a store or in the sandbox, remote sampling on every cluster; `external` by someone else; `off`. Where traces are not stored here, they go to `external`, or are counted and dropped. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Where traces are sent with management external. @default none: they are dropped */
  external: externalStore.optional(),
  /** Where traces are kept. @default in the sandbox the memory of the collector; elsewhere none, and neither collector nor query are made */
  storage: jaegerStorage.optional(),
  /** Fewest collector pods, 2–20; the autoscaler adds up to five times as many. @default 2 */
  collectorReplicas: z.int().min(2).max(20).default(2),
  /** Query pods, 2–20. @default 2, so that one is left when a node is drained */
  queryReplicas: z.int().min(2).max(20).default(2),
  /** What programs are told that ask how many of their traces to begin. */
  sampling: z
    .strictObject({
      /** Traces a second that each process begins whose service is not listed, 1–1000. @default 10 */
      defaultTracesPerSecond: z.int().min(1).max(1000).default(10),
      /** Share of its traces that a service begins, 0–1, by the name of the service. @default none */
      services: z.record(z.string().min(1).max(255), z.number().min(0).max(1)).default({}),
    })
    .prefault({}),
});
