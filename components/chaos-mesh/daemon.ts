/** The daemon of each node: does to the processes, networks and file systems of its pods what the controller says. */

import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { PodsPeer } from "../flow";
import { selectorLabels } from "../labels";
import { type Workload, workload } from "../workload";
import type { Size } from "../workload/container";
import { DAEMON_SECRET } from "./certificates";
import { pods as controllerPods } from "./controller-pods";
import { DAEMON_SERVICE } from "./names";

export interface DaemonArgs {
  /** `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** What one pod may use. */
  readonly size: Size;
  /** Socket of the node's containerd, absolute. */
  readonly containerdSocket: string;
}

/** Its pods, for whoever connects to them. */
export const pods: PodsPeer = {
  namespace: CHAOS_MESH_NAMESPACE,
  pods: selectorLabels("chaos-mesh", "chaos-daemon"),
};

/** Where it takes orders. */
export const GRPC = { name: "grpc", port: 31_767 };

const METRICS = { name: "http", port: 31_766 };

const CERTIFICATES = "/etc/chaos-daemon/cert";

export function daemon({ containerdSocket, image, size }: DaemonArgs): Workload {
  const at = containerdSocket.lastIndexOf("/");
  const [folder, socket] = [containerdSocket.slice(0, at), containerdSocket.slice(at + 1)];
  return workload({
    namespace: CHAOS_MESH_NAMESPACE,
    name: "chaos-mesh",
    component: "chaos-daemon",
    kind: "DaemonSet",
    objectName: DAEMON_SERVICE,
    image,
    size,
    command: ["/usr/local/bin/chaos-daemon"],
    args: [
      "--runtime=containerd",
      `--runtime-socket-path=/host-run/${socket}`,
      `--grpc-port=${GRPC.port}`,
      `--http-port=${METRICS.port}`,
      `--ca=${CERTIFICATES}/ca.crt`,
      `--cert=${CERTIFICATES}/tls.crt`,
      `--key=${CERTIFICATES}/tls.key`,
    ],
    env: [{ name: "TZ", value: "UTC" }],
    ports: [{ ...GRPC, servicePort: GRPC.port, appProtocol: "grpc" }, METRICS],
    readiness: { how: { tcp: METRICS.name } },
    liveness: { how: { tcp: METRICS.name }, initialDelaySeconds: 15 },
    mounts: [
      { volume: "containerd", path: "/host-run" },
      { volume: "sys", path: "/host-sys" },
      { volume: "modules", path: "/lib/modules", readOnly: true },
      { volume: "certificates", path: CERTIFICATES },
    ],
    volumes: { certificates: { secret: DAEMON_SECRET } },
    receives: [{ from: controllerPods, ports: [GRPC.name], why: "the controller says what to do to pods of the node" }],
    scrape: { port: METRICS.name },
    departures: {
      runsAsRoot: "it enters the namespaces of other pods' processes",
      privileged: "it changes clocks, packets and files of other pods' processes, for which it needs every capability",
      writableRootFilesystem: "the programs that it starts in other pods' namespaces keep files of their own",
    },
    podDepartures: {
      hostPid: "it finds the processes of other pods by their number on the node",
      hostPaths: {
        containerd: { path: folder, reason: "it asks containerd which processes a container has" },
        sys: { path: "/sys", reason: "it puts what it starts into the control groups of the target" },
        modules: { path: "/lib/modules", reason: "it loads the kernel's modules that shape traffic" },
      },
    },
  });
}
