/**
 * What EKS itself installs: the network of pods, names, Service addresses, volumes, and the agent by which pods get their
 * roles. Pinned per Kubernetes minor; on a conflict what is written here wins, so that a change by hand does not stay.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
 */
import { Addon } from "@pulumi/aws/eks/addon";
import type { Cluster } from "@pulumi/aws/eks/cluster";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { type AddonName, podRole } from "./addon-roles";
import type { Whereabouts } from "./whereabouts";

/** Version of each add-on, `v1.2.3-eksbuild.1`. */
export type AddonVersions = Readonly<Record<AddonName, string>>;

/** Settings, as the add-on's own schema has them. */
const CONFIGURATION: Readonly<Partial<Record<AddonName, object>>> = {
  // NetworkPolicies are enforced, and addresses are given out in ranges of 16: more pods on a node
  "vpc-cni": { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" } },
  coredns: { replicaCount: 3, podDisruptionBudget: { enabled: true, maxUnavailable: 1 } },
};

/** Those without which no node becomes ready. */
export function addonsOfNodes(
  where: Whereabouts,
  versions: AddonVersions,
  cluster: Cluster,
  opts: CustomResourceOptions,
): Addon[] {
  const names: AddonName[] = ["eks-pod-identity-agent", "vpc-cni", "kube-proxy"];
  return names.map((name) => addon(where, name, versions, cluster, opts));
}

/** Those that run as pods of their own, and so need nodes. */
export function addonsOnNodes(
  where: Whereabouts,
  versions: AddonVersions,
  cluster: Cluster,
  opts: CustomResourceOptions,
): Addon[] {
  const names: AddonName[] = ["coredns", "aws-ebs-csi-driver"];
  return names.map((name) => addon(where, name, versions, cluster, opts));
}

function addon(
  where: Whereabouts,
  addonName: AddonName,
  versions: AddonVersions,
  cluster: Cluster,
  opts: CustomResourceOptions,
): Addon {
  const configuration = CONFIGURATION[addonName];
  const role = podRole(where, addonName, opts);
  return new Addon(
    `${where.name}-${addonName}`,
    {
      clusterName: cluster.name,
      addonName,
      addonVersion: versions[addonName],
      ...(configuration ? { configurationValues: JSON.stringify(configuration) } : {}),
      ...(role ? { podIdentityAssociations: [role] } : {}),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    },
    opts,
  );
}
