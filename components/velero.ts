/**
 * Velero: backups of tenants' objects and volumes, kept outside of the cluster.
 *
 *     Schedule of a tenant ──▶ server ──▶ objects ─────────────────────────────▶ bucket
 *                                └─▶ CSI snapshot ──▶ mover of the node agent ──▶ bucket (kopia, encrypted)
 *
 * Volumes are read from CSI snapshots only, so that no pod of Velero mounts folders of a node. What the platform itself
 * is made of is in its environment file and needs no backup.
 *
 * @see https://velero.io/docs/v1.18/
 */
import { App, Chart } from "cdk8s";
import { type KubeObject, objectsOf } from "./kube-object";
import { objectLabels, requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import type { ObjectStore } from "./object-store";
import { storeIdentity } from "./object-store-access";
import { withLabels, withoutDescriptions } from "./overlay";
import type { Part } from "./part";
import { type SecretReference, storeEntry } from "./secret-reference";
import { upstreamObjects } from "./upstream";
import { ALERTS } from "./velero/alerts";
import { backupLocation } from "./velero/backup-location";
import { configurations } from "./velero/configuration";
import { egress } from "./velero/egress";
import { nodeAgent } from "./velero/node-agent";
import { nodeAgentRights, serverRights } from "./velero/rights";
import { type BackupTenant, schedules, type Timetable } from "./velero/schedules";
import { REPOSITORY_SECRET, server } from "./velero/server";
import type { Workload } from "./workload";
import type { Size } from "./workload/container";

/** Where it runs; the cluster base makes the namespace. */
export const VELERO_NAMESPACE = "velero";

/** Images, as the image lock gives them: `registry/repository:tag@sha256:digest`. */
export interface VeleroImages {
  readonly velero: string;
  /** Knows S3; copied into the server when it starts. */
  readonly awsPlugin: string;
}

/** What each program may use; `mover` is the pod that copies one volume. */
export type VeleroSizes = Readonly<Record<"server" | "nodeAgent" | "mover", Size>>;

export interface VeleroArgs {
  /** Name of the environment, a DNS label: first part of the folder in the bucket. */
  readonly environment: string;
  /** Name of the cluster, a DNS label: second part of that folder. */
  readonly cluster: string;
  /** What runs. */
  readonly images: VeleroImages;
  /**
   * Where backups are kept. Velero writes to buckets only: with `filesystem` there is no location, and the schedules are
   * paused.
   */
  readonly store: ObjectStore;
  /** Whose namespaces are backed up, each by a schedule of its own. */
  readonly tenants: readonly BackupTenant[];
  /** When, and for how long backups are kept. @default daily from 02:00 UTC, 30 days: upstream's own */
  readonly timetable?: Partial<Timetable>;
  /**
   * Whether Velero may write to all namespaces, as a restore must; otherwise it reads all and writes snapshots.
   * @default false: a restore is rare, and somebody's decision
   */
  readonly restores?: boolean;
  /**
   * What each program may use. Upstream limits the server alone, to 1 core and 512 MiB.
   * @default server 100 millicores and 256 MiB, at most 1 GiB; node agent 20 and 128; mover 250 and 512, at most 2 GiB
   */
  readonly sizes?: Partial<VeleroSizes>;
}

const SIZES: VeleroSizes = {
  server: { cpuMillicores: 100, memoryMiB: 256, memoryLimitMiB: 1024 },
  nodeAgent: { cpuMillicores: 20, memoryMiB: 128 },
  mover: { cpuMillicores: 250, memoryMiB: 512, memoryLimitMiB: 2048 },
};

const TIMETABLE: Timetable = { hourUtc: 2, retentionDays: 30 };

/**
 * The manifests of Velero and of each tenant's schedule.
 *
 * @throws Error naming the field, its value and the bound; an upstream file that is not on this machine
 */
export class VeleroChart extends Chart {
  constructor(args: VeleroArgs) {
    super(new App(), "velero", { disableResourceNameHashes: true });
    checkArgs(args);
    for (const object of veleroObjects(args)) {
      const { namespace = "", name } = object.metadata;
      new Manifest(this, `${object.kind}-${namespace}-${name}`, object);
    }
  }
}

/** All of it. */
export function veleroPart(args: VeleroArgs): Part {
  const made = Object.values(programs(args));
  return {
    name: "velero",
    namespaces: [
      {
        name: VELERO_NAMESPACE,
        podSecurity: {
          level: "baseline",
          reason: "movers, which Velero makes, run as user 0 to read every file of a volume",
        },
      },
    ],
    flows: [...made.flatMap(({ flows }) => flows), ...egress(VELERO_NAMESPACE, args.store)],
    objects: objectsOf(new VeleroChart(args)),
    scrapeTargets: made.flatMap(({ scrapeTarget }) => scrapeTarget ?? []),
    alerts: args.store.kind === "s3" ? ALERTS : [],
    secrets: [repositoryPassword(args.environment)],
    departures: made.flatMap(({ departures }) => departures),
  };
}

/** One for all clusters, so that each can restore what another backed up. */
const repositoryPassword = (environment: string): SecretReference => ({
  namespace: VELERO_NAMESPACE,
  name: REPOSITORY_SECRET,
  keys: {
    "repository-password": { entry: storeEntry(environment, "velero-repositories"), property: "password" },
  },
  origin: "generated",
  why: "volumes are encrypted with it in the bucket, and cannot be read without it",
});

function veleroObjects(args: VeleroArgs): KubeObject[] {
  const { cluster, environment, restores = false, store, tenants } = args;
  const made = programs(args);
  const labels = objectLabels("velero");
  return [
    ...upstreamObjects("velero").map((object) => withLabels(withoutDescriptions(object), labels)),
    ...configuration(args),
    ...serverRights(VELERO_NAMESPACE, made.server.serviceAccountName, restores),
    ...nodeAgentRights(VELERO_NAMESPACE, made.nodeAgent.serviceAccountName, restores),
    ...Object.values(made).flatMap(({ objects }) => objects.map(withTokenForMovers)),
    ...backupLocation(VELERO_NAMESPACE, `${environment}/${cluster}`, store),
    ...schedules(VELERO_NAMESPACE, tenants, { ...TIMETABLE, ...args.timetable }, store.kind === "filesystem"),
  ];
}

const configuration = ({ sizes }: VeleroArgs) => configurations(VELERO_NAMESPACE, { ...SIZES, ...sizes }.mover);

function programs(args: VeleroArgs): Readonly<Record<"server" | "nodeAgent", Workload>> {
  const sizes = { ...SIZES, ...args.sizes };
  const shared = {
    namespace: VELERO_NAMESPACE,
    image: args.images.velero,
    restartsOn: configuration(args),
    serviceAccountAnnotations: storeIdentity(args.store),
  };
  return {
    server: server({ ...shared, size: sizes.server, plugin: args.images.awsPlugin, store: args.store }),
    nodeAgent: nodeAgent({ ...shared, size: sizes.nodeAgent }),
  };
}

/** Pods that Velero makes use its accounts and say nothing of a token, but need one. */
const withTokenForMovers = (object: KubeObject): KubeObject =>
  object.kind === "ServiceAccount" ? { ...object, automountServiceAccountToken: true } : object;

/** @throws Error naming the field, its value and the bound; sizes are checked where they are used */
function checkArgs({ cluster, environment, images, tenants, timetable = {} }: VeleroArgs): void {
  requireDnsLabel("velero", "environment", environment);
  requireDnsLabel("velero", "cluster", cluster);
  for (const { name } of tenants) requireDnsLabel("velero", "tenants", name);
  for (const [program, image] of Object.entries(images)) {
    if (image.trim() === "") {
      throw new Error(`velero: images.${program} is empty, must be registry/repository:tag@sha256:digest`);
    }
  }
  const between = (field: string, value: number | undefined, least: number, most: number, reason: string) => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    throw new Error(`velero: timetable.${field} is ${value}, must be a whole number of ${least}–${most}: ${reason}`);
  };
  between("hourUtc", timetable.hourUtc, 0, 23, "it is the hour of a day");
  between("retentionDays", timetable.retentionDays, 1, 365, "a backup is no archive");
}
