/**
 * A cluster on Amazon EKS, from its network to the roles of its pods. Made by a stack of its own, before the platform: who
 * calls its API server must know its address, which AWS gives it.
 *
 *     network ─▶ control plane ─▶ access ─▶ add-ons of the node ─▶ node groups ─▶ other add-ons
 *     keys ──────────┘   buckets ─▶ roles of pods ──────────────────┘
 *
 * Names, ranges, sizes and policies are plain values; the only outputs are ids, and what a kubeconfig needs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/
 */
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { type AddonVersions, addonsOfNodes, addonsOnNodes } from "./managed-cluster/addons";
import { type OwnBucket, ownBuckets } from "./managed-cluster/buckets";
import { type ControlPlaneArgs, controlPlane } from "./managed-cluster/control-plane";
import { clusterKey } from "./managed-cluster/keys";
import type { ClusterEntry } from "./managed-cluster/kubeconfig";
import { type NetworkArgs, network } from "./managed-cluster/network";
import { type NodeGroupArgs, nodeGroups } from "./managed-cluster/node-groups";
import { type PodRole, podRoles } from "./managed-cluster/pod-roles";
import type { Whereabouts } from "./managed-cluster/whereabouts";

export interface ManagedClusterArgs {
  /** Which cluster, of which account and region. */
  readonly where: Whereabouts;
  /** Name of its context in the kubeconfig. */
  readonly context: string;
  /** Its network. */
  readonly network: NetworkArgs;
  /** Version, Service addresses, who administers it and from where it is reached. */
  readonly controlPlane: ControlPlaneArgs;
  /** Groups of nodes by name. */
  readonly nodeGroups: Readonly<Record<string, NodeGroupArgs>>;
  /** Versions of the add-ons. */
  readonly addons: AddonVersions;
  /** Buckets that this cluster's stack makes; those of an environment are its hub's. */
  readonly buckets: readonly OwnBucket[];
  /** What pods may do at AWS, by their ServiceAccount. */
  readonly podRoles: readonly PodRole[];
  /** Days for which logs are kept. */
  readonly logRetentionDays: number;
}

/** Type token of a cluster that is made. */
export const MANAGED_CLUSTER_TYPE = "fleetwright:stacks:ManagedCluster";

export class ManagedCluster extends pulumi.ComponentResource {
  /** What a kubeconfig says of it. */
  readonly entry: pulumi.Output<ClusterEntry>;

  constructor(name: string, args: ManagedClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(MANAGED_CLUSTER_TYPE, name, {}, opts);
    const { where } = args;
    const provider = new Provider(
      name,
      {
        region: where.region,
        // credentials of another account are refused before anything is made
        allowedAccountIds: [where.account],
        defaultTags: {
          tags: { "fleetwright.dev/environment": where.environment, "fleetwright.dev/cluster": where.cluster },
        },
      },
      { parent: this },
    );
    const own = { parent: this, provider };
    const key = clusterKey(where, own);
    const subnets = network(where, args.network, { key, retentionDays: args.logRetentionDays }, own);
    const plane = controlPlane(
      where,
      args.controlPlane,
      { key, subnetIds: subnets.controlPlane, retentionDays: args.logRetentionDays },
      own,
    );
    ownBuckets(where, args.buckets, own);
    podRoles(where, args.podRoles, plane.cluster, own);
    const first = addonsOfNodes(where, args.addons, plane.cluster, own);
    const groups = nodeGroups(
      where,
      args.nodeGroups,
      { cluster: plane.cluster, key, subnetIds: subnets.nodes, version: args.controlPlane.kubernetes, after: first },
      own,
    );
    addonsOnNodes(where, args.addons, plane.cluster, { ...own, dependsOn: groups });
    this.entry = pulumi
      .all([plane.cluster.endpoint, plane.cluster.certificateAuthority])
      .apply(([endpoint, { data }]) => ({
        context: args.context,
        clusterName: where.name,
        region: where.region,
        endpoint,
        certificateAuthority: data,
      }));
    this.registerOutputs({ entry: this.entry });
  }
}
