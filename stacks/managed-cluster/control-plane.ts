/**
 * The control plane: Secrets encrypted with the cluster's own key, reached from inside of the network, all of its logs kept,
 * and nobody in it but who is named.
 */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation";
import { Cluster } from "@pulumi/aws/eks/cluster";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { Key } from "@pulumi/aws/kms/key";
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { trustOf } from "./policy-document";
import { managedPolicyArn, partitionOf, type Whereabouts } from "./whereabouts";

export interface ControlPlaneArgs {
  /** Kubernetes minor, `1.N`. */
  readonly kubernetes: string;
  /** Range of Service addresses, CIDR. */
  readonly serviceCidr: string;
  /** Ranges from which it is reached over the internet; none: from inside of the network only. */
  readonly endpointCidrs: readonly string[];
  /** ARNs of who administers it, at least one. */
  readonly admins: readonly string[];
}

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export function controlPlane(
  where: Whereabouts,
  args: ControlPlaneArgs,
  given: { readonly key: Key; readonly subnetIds: readonly Output<string>[]; readonly retentionDays: number },
  opts: CustomResourceOptions,
): { readonly cluster: Cluster } {
  const { account, name, region } = where;
  const role = new Role(`${name}-control-plane`, { assumeRolePolicy: trustOf("eks.amazonaws.com", account) }, opts);
  const attached = new RolePolicyAttachment(
    `${name}-control-plane`,
    { role: role.name, policyArn: managedPolicyArn(where, "AmazonEKSClusterPolicy") },
    opts,
  );
  // made first, for EKS would make it without key and end
  const logs = new LogGroup(
    `${name}-control-plane`,
    { name: `/aws/eks/${name}/cluster`, kmsKeyId: given.key.arn, retentionInDays: given.retentionDays },
    opts,
  );
  const isPublic = args.endpointCidrs.length > 0;
  const cluster = new Cluster(
    name,
    {
      name,
      version: args.kubernetes,
      roleArn: role.arn,
      vpcConfig: {
        subnetIds: [...given.subnetIds],
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        ...(isPublic ? { publicAccessCidrs: [...args.endpointCidrs] } : {}),
      },
      kubernetesNetworkConfig: { serviceIpv4Cidr: args.serviceCidr, ipFamily: "ipv4" },
      encryptionConfig: { provider: { keyArn: given.key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: LOGS,
      // whoever made it is not its administrator for ever
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      // add-ons are ours, with their versions
      bootstrapSelfManagedAddons: false,
      deletionProtection: true,
      // a minor that has run out is updated, not paid for six times over
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
    },
    { ...opts, protect: true, dependsOn: [attached, logs] },
  );
  for (const [index, principalArn] of args.admins.entries()) {
    const admin = `${name}-admin-${index}`;
    const entry = new AccessEntry(admin, { clusterName: cluster.name, principalArn, type: "STANDARD" }, opts);
    new AccessPolicyAssociation(
      admin,
      {
        clusterName: cluster.name,
        principalArn,
        policyArn: `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: "cluster" },
      },
      { ...opts, dependsOn: [entry] },
    );
  }
  return { cluster };
}
