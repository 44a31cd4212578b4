/** The simulated nodes of a cluster: one per zone, at least three, untainted, with room for a whole platform. */
import {
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  VersionApi,
} from "@kubernetes/client-node";
import type { ClusterState } from "../state";

/** Fewest nodes of a cluster, so that three replicas can be spread even where there is one zone. */
const MIN_NODES = 3;

/** What one node offers: that of a 32-core cloud machine, less a usual reservation for the system. */
const CAPACITY = { cpu: "32", memory: "128Gi", "ephemeral-storage": "200Gi", pods: "250" };
const ALLOCATABLE = { cpu: "31500m", memory: "124Gi", "ephemeral-storage": "180Gi", pods: "250" };

type Place = Pick<ClusterState, "name" | "region" | "zones">;

/**
 * The nodes that a cluster has, as they are created.
 *
 * @param kubeletVersion version that they report, with its `v`
 */
export function nodesOf({ name, region, zones }: Place, kubeletVersion: string): V1Node[] {
  return Array.from({ length: Math.max(MIN_NODES, zones.length) }, (_, index) => {
    const node = nodeName(name, index);
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: node,
        labels: {
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": node,
          "kubernetes.io/os": "linux",
          "node.kubernetes.io/instance-type": "kwok",
          "topology.kubernetes.io/region": region,
          "topology.kubernetes.io/zone": zones[index % zones.length] ?? region,
        },
      },
      spec: { podCIDR: `10.244.${index}.0/24`, podCIDRs: [`10.244.${index}.0/24`] },
      status: {
        addresses: [
          { type: "InternalIP", address: `10.243.0.${index + 1}` },
          { type: "Hostname", address: node },
        ],
        allocatable: ALLOCATABLE,
        capacity: CAPACITY,
        nodeInfo: {
          architecture: "amd64",
          operatingSystem: "linux",
          kubeletVersion,
          kubeProxyVersion: "",
          containerRuntimeVersion: "",
          kernelVersion: "",
          osImage: "",
          bootID: "",
          machineID: "",
          systemUUID: "",
        },
      },
    };
  });
}

const nodeName = (cluster: string, index: number) => `${cluster}-node-${index + 1}`;

/** Creates the nodes that are missing and brings the labels of the others up to date. */
export async function ensureNodes(config: KubeConfig, cluster: ClusterState): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const existing = new Map((await core.listNode()).items.map((node) => [node.metadata?.name, node]));
  const { gitVersion } = await config.makeApiClient(VersionApi).getCode();
  for (const node of nodesOf(cluster, gitVersion)) {
    const name = node.metadata?.name ?? "";
    const labels = node.metadata?.labels ?? {};
    const present = existing.get(name)?.metadata?.labels;
    if (!present) await core.createNode({ body: node });
    else if (Object.entries(labels).some(([key, value]) => present[key] !== value)) {
      await core.patchNode(
        { name, body: { metadata: { labels } } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
    }
  }
}

/** Names of the cluster's own nodes that are not Ready. */
export async function unreadyNodes(config: KubeConfig, cluster: ClusterState): Promise<string[]> {
  const nodes = (await config.makeApiClient(CoreV1Api).listNode()).items;
  const ready = new Set(
    nodes
      .filter(({ status }) => status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"))
      .map(({ metadata }) => metadata?.name),
  );
  const names = Array.from({ length: Math.max(MIN_NODES, cluster.zones.length) }, (_, i) => nodeName(cluster.name, i));
  return names.filter((name) => !ready.has(name));
}
