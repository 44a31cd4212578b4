/** What a cluster's control plane is configured with. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { configurationFolder, type Instance } from "../instance";
import type { ClusterState } from "../state";
import type { Stage } from "./stages";

/** Absolute paths of the programs that kwokctl starts. */
export interface ControlPlaneTools {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kwok: string;
  readonly kubectl: string;
}

/** Addresses of Services, the same range in every cluster, as `environments/dev.yaml` says. */
const SERVICE_RANGE = "10.0.0.0/16";

/** The file for `kwokctl create cluster --config`. */
export const kwokctlConfiguration = (instance: Instance, cluster: string) =>
  join(configurationFolder(instance), `${cluster}.yaml`);

/** The file for `kube-apiserver --egress-selector-config-file`. */
const egressConfiguration = (instance: Instance, cluster: string) =>
  join(configurationFolder(instance), `${cluster}-egress.yaml`);

/**
 * Digest of everything that kwokctl keeps from the time when it created the cluster, ports and paths of tools excepted:
 * a cluster of another digest was made by another version of Fleetwright.
 */
export function configurationDigest(instance: Instance, stages: readonly Stage[]): string {
  const text = JSON.stringify([componentPatches(instance, "any"), stages]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Writes both files. */
export async function writeConfiguration(
  instance: Instance,
  cluster: ClusterState,
  stages: readonly Stage[],
  tools: ControlPlaneTools,
): Promise<void> {
  await mkdir(configurationFolder(instance), { recursive: true });
  const documents = [kwokctlDocument(instance, cluster, tools), ...stages];
  await writeFile(
    kwokctlConfiguration(instance, cluster.name),
    documents.map((document) => stringify(document, { lineWidth: 0 })).join("---\n"),
  );
  await writeFile(egressConfiguration(instance, cluster.name), stringify(egressDocument(cluster.egressSocket)));
}

function kwokctlDocument(instance: Instance, { name, ports }: ClusterState, tools: ControlPlaneTools) {
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      bindAddress: "127.0.0.1",
      etcdBinary: tools.etcd,
      kubeApiserverBinary: tools.kubeApiserver,
      kubeControllerManagerBinary: tools.kubeControllerManager,
      kubeSchedulerBinary: tools.kubeScheduler,
      kwokControllerBinary: tools.kwok,
      kubectlBinary: tools.kubectl,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeApiserverPort: ports.apiServer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
    },
    componentsPatches: componentPatches(instance, name),
  };
}

function componentPatches(instance: Instance, cluster: string) {
  const patch = (
    name: string,
    args: Readonly<Record<string, string>>,
    environment: Readonly<Record<string, string>> = {},
  ) => ({
    name,
    extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })),
    extraEnvs: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
  });
  return [
    // a sandbox survives the death of its processes, which leaves the page cache alone; it need not survive a power cut
    patch("etcd", { "unsafe-no-fsync": "true" }),
    patch(
      "kube-apiserver",
      {
        "service-cluster-ip-range": SERVICE_RANGE,
        "egress-selector-config-file": egressConfiguration(instance, cluster),
        // a loopback address must not be an endpoint, and a machine without a network has no other
        "advertise-address": "127.0.0.1",
        "endpoint-reconciler-type": "none",
      },
      // seldom collected while it is small, and bounded on a whole platform: at `GOGC: 50` it spends a third of its time collecting
      { GOGC: "200", GOMEMLIMIT: "1100MiB" },
    ),
    // alone, and back at work at once after having been killed, instead of waiting for its own lease to end
    patch("kube-controller-manager", {
      "leader-elect": "false",
      // its own default of 20 requests a second is meant for shared API servers; a destroy waits for its garbage collector
      "kube-api-qps": "200",
      "kube-api-burst": "400",
    }),
    patch("kube-scheduler", { "leader-elect": "false" }),
  ];
}

/** @see https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/ the same way in, with a proxy of ours at its end */
function egressDocument(socket: string) {
  return {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      {
        name: "cluster",
        connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socket } } },
      },
    ],
  };
}
