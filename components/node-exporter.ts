/**
 * Node exporter: CPU, memory, disks and clock of each node, as metrics.
 *
 * It shares neither the network nor the processes of its node. What it would see of the network that way, the kubelet
 * tells as well: `container_network_*` of the node's own cgroup.
 *
 * @see https://github.com/prometheus/node_exporter/blob/v1.12.1/README.md
 */
import { App, Chart } from "cdk8s";
import { objectsOf } from "./kube-object";
import { Manifest } from "./manifest";
import { NODE_EXPORTER_ALERTS } from "./node-exporter/alerts";
import type { Part } from "./part";
import { type Workload, workload } from "./workload";
import type { Size } from "./workload/container";

/** Where it runs: apart, because it alone mounts these folders of the node. */
export const NODE_EXPORTER_NAMESPACE = "node-exporter";

export interface NodeExporterArgs {
  /** Image, `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** What it may use on each node, memory at least 32 MiB. @default 50 millicores, 64 MiB */
  readonly size?: Size;
}

/** What is collected: nothing of the network, which would be that of the pod. */
const COLLECTORS = [
  "cpu",
  "diskstats",
  "edac",
  "filefd",
  "filesystem",
  "hwmon",
  "loadavg",
  "mdadm",
  "meminfo",
  "os",
  "pressure",
  "stat",
  "time",
  "timex",
  "uname",
  "vmstat",
];

/** File systems of the node's own: what the kubelet mounts for pods it tells of itself. */
const NOT_THE_NODES_OWN =
  "^/(dev|proc|run/credentials/.+|sys|var/lib/(containerd|docker|kubelet|containers/storage)/.+)($|/)";

const METRICS = { name: "http-metrics", port: 9100 };

/**
 * The manifests of the node exporter.
 *
 * @throws Error naming the field, its value and the bound
 */
export class NodeExporterChart extends Chart {
  constructor(args: NodeExporterArgs) {
    super(new App(), "node-exporter", { disableResourceNameHashes: true });
    for (const object of program(args).objects) {
      new Manifest(this, `${object.kind}-${object.metadata.name}`, object);
    }
  }
}

/** All of it. */
export function nodeExporterPart(args: NodeExporterArgs): Part {
  const { departures, flows, scrapeTarget } = program(args);
  return {
    name: "node-exporter",
    namespaces: [
      {
        name: NODE_EXPORTER_NAMESPACE,
        podSecurity: {
          level: "privileged",
          reason: "it reads what the kernel tells of the node in folders of the node, and writes nothing",
        },
      },
    ],
    flows,
    objects: objectsOf(new NodeExporterChart(args)),
    scrapeTargets: scrapeTarget ? [scrapeTarget] : [],
    alerts: NODE_EXPORTER_ALERTS,
    departures,
  };
}

function program({ image, size = { cpuMillicores: 50, memoryMiB: 64 } }: NodeExporterArgs): Workload {
  if (image.trim() === "") {
    throw new Error("node-exporter: image is empty, must be registry/repository:tag@sha256:digest");
  }
  if (size.memoryMiB < 32) {
    throw new Error(`node-exporter: size.memoryMiB is ${size.memoryMiB}, must be at least 32`);
  }
  const probe = { how: { httpGet: "/", port: METRICS.name } };
  return workload({
    namespace: NODE_EXPORTER_NAMESPACE,
    name: "node-exporter",
    component: "exporter",
    objectName: "node-exporter",
    kind: "DaemonSet",
    image,
    size,
    // nobody, as the image itself
    userId: 65_534,
    args: [
      `--web.listen-address=:${METRICS.port}`,
      "--path.procfs=/host/proc",
      "--path.sysfs=/host/sys",
      "--path.rootfs=/host/root",
      "--collector.disable-defaults",
      ...COLLECTORS.map((collector) => `--collector.${collector}`),
      `--collector.filesystem.mount-points-exclude=${NOT_THE_NODES_OWN}`,
      // of the program itself
      "--web.disable-exporter-metrics",
    ],
    ports: [METRICS],
    // a minute: one that waits for a disk is kept
    liveness: { ...probe, failureThreshold: 6 },
    readiness: probe,
    mounts: [
      { volume: "proc", path: "/host/proc", readOnly: true },
      // or it would hold on to volumes of other pods that the node unmounts
      { volume: "sys", path: "/host/sys", readOnly: true, mountPropagation: "HostToContainer" },
      { volume: "root", path: "/host/root", readOnly: true, mountPropagation: "HostToContainer" },
    ],
    scrape: { port: METRICS.name },
    // every node, whatever its taints
    tolerations: [{ operator: "Exists" }],
    podDepartures: {
      hostPaths: {
        proc: { path: "/proc", reason: "CPU, memory and pressure of the node stand there; it is only read" },
        sys: { path: "/sys", reason: "disks and sensors of the node stand there; it is only read" },
        root: {
          path: "/",
          reason: "how full a file system is can be asked only through its mount; it is only read, by nobody's rights",
        },
      },
    },
  });
}
