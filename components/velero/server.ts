/** The server: makes backups from schedules, and restores them. It runs once: two would both act. */
import type { KubeObject } from "../kube-object";
import type { ObjectStore } from "../object-store";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { MAINTENANCE_CONFIGURATION, REPOSITORY_CONFIGURATION } from "./configuration";

export interface ServerArgs {
  /** Existing namespace to run in. */
  readonly namespace: string;
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** Image of the plug-in for S3, the same form. */
  readonly plugin: string;
  /** Where backups are kept: without a bucket there is no plug-in. */
  readonly store: ObjectStore;
  /** Request and limit. */
  readonly size: Size;
  /** Objects whose change restarts it. */
  readonly restartsOn: readonly KubeObject[];
  /** Annotations of its ServiceAccount. @default none */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** Upstream's own, of both programs. */
export const METRICS = { name: "http-metrics", port: 8085 };

/** Name of the server's objects. */
const SERVER = "velero";

/**
 * Secret with the password of the repositories, key `repository-password`. Velero makes one with a password that
 * everybody knows where it finds none; so the server waits until somebody has brought it.
 */
export const REPOSITORY_SECRET = "velero-repo-credentials";

export function server(args: ServerArgs): Workload {
  const { plugin, restartsOn, serviceAccountAnnotations, size, store } = args;
  return workload({
    namespace: args.namespace,
    name: "velero",
    component: "server",
    objectName: SERVER,
    image: args.image,
    replicas: 1,
    size,
    command: ["/velero"],
    args: [
      "server",
      "--features=EnableCSI",
      "--uploader-type=kopia",
      `--backup-repository-configmap=${REPOSITORY_CONFIGURATION}`,
      `--repo-maintenance-job-configmap=${MAINTENANCE_CONFIGURATION}`,
      // upstream's own, said because schedules rely on it
      "--default-volumes-to-fs-backup=false",
      "--log-format=json",
    ],
    env: [
      { name: "VELERO_NAMESPACE", fieldPath: "metadata.namespace" },
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
      // where programs keep files that they need not keep: the root file system is read-only
      { name: "TMPDIR", value: "/scratch" },
      { name: "HOME", value: "/scratch" },
    ],
    ports: [METRICS],
    readiness: { how: { httpGet: "/metrics", port: METRICS.name }, periodSeconds: 30, timeoutSeconds: 5 },
    liveness: {
      how: { httpGet: "/metrics", port: METRICS.name },
      initialDelaySeconds: 10,
      periodSeconds: 30,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    volumes: {
      plugins: { scratchMiB: 256 },
      scratch: { scratchMiB: 1024 },
      "repository-password": { secret: REPOSITORY_SECRET },
    },
    mounts: [
      { volume: "plugins", path: "/plugins" },
      { volume: "scratch", path: "/scratch" },
      { volume: "repository-password", path: "/etc/velero/repository-password" },
    ],
    ...(store.kind === "s3"
      ? {
          initContainers: {
            "velero-plugin-for-aws": {
              image: plugin,
              size: { cpuMillicores: 10, memoryMiB: 64 },
              mounts: [{ volume: "plugins", path: "/target" }],
            },
          },
        }
      : {}),
    restartsOn,
    ...(serviceAccountAnnotations ? { serviceAccountAnnotations } : {}),
    scrape: { port: METRICS.name },
    podDepartures: {
      apiToken: "it reads the objects that it backs up",
      singleReplica: "it elects no leader, so that two would both act; a backup that it loses is made the next day",
    },
  });
}
