/**
 * Groups of nodes: Bottlerocket, whose root is read-only and which has no shell; disks encrypted with the cluster's key;
 * the node's own role out of reach of its pods.
 */
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate";
import type { Cluster } from "@pulumi/aws/eks/cluster";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { Key } from "@pulumi/aws/kms/key";
import type { CustomResourceOptions, Output, Resource } from "@pulumi/pulumi";
import { policyDocument } from "./policy-document";
import { managedPolicyArn, type Whereabouts } from "./whereabouts";

export interface NodeGroupArgs {
  /** EC2 instance types of one architecture, at least one. */
  readonly instanceTypes: readonly string[];
  readonly architecture: "x86_64" | "arm64";
  readonly capacity: "on-demand" | "spot";
  /** Fewest nodes, 1–450. */
  readonly minNodes: number;
  /** Most nodes, at least `minNodes`. */
  readonly maxNodes: number;
  /** Volume for images and logs, GiB. */
  readonly diskGiB: number;
  /** Labels of the nodes. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a node itself may do: join, and pull images. What its pods do has roles of its own. */
const NODE_POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"];

export function nodeGroups(
  where: Whereabouts,
  groups: Readonly<Record<string, NodeGroupArgs>>,
  given: {
    readonly cluster: Cluster;
    readonly key: Key;
    readonly subnetIds: readonly Output<string>[];
    readonly version: string;
    /** Without which no node becomes ready. */
    readonly after: readonly Resource[];
  },
  opts: CustomResourceOptions,
): NodeGroup[] {
  const { name } = where;
  const role = new Role(
    `${name}-node`,
    {
      assumeRolePolicy: policyDocument([
        { Sid: "Node", Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
    },
    opts,
  );
  const attached = NODE_POLICIES.map(
    (policy) =>
      new RolePolicyAttachment(
        `${name}-node-${policy}`,
        { role: role.name, policyArn: managedPolicyArn(where, policy) },
        opts,
      ),
  );
  return Object.entries(groups).map(([group, args]) => {
    const template = new LaunchTemplate(
      `${name}-${group}`,
      {
        // a pod is one hop further than the node: the answer does not reach it
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [disk("/dev/xvda", 4, given.key), disk("/dev/xvdb", args.diskGiB, given.key)],
        tagSpecifications: [{ resourceType: "instance", tags: { Name: `${name}-${group}` } }],
        updateDefaultVersion: true,
      },
      opts,
    );
    return new NodeGroup(
      `${name}-${group}`,
      {
        clusterName: given.cluster.name,
        version: given.version,
        nodeRoleArn: role.arn,
        subnetIds: [...given.subnetIds],
        instanceTypes: [...args.instanceTypes],
        amiType: args.architecture === "arm64" ? "BOTTLEROCKET_ARM_64" : "BOTTLEROCKET_x86_64",
        capacityType: args.capacity === "spot" ? "SPOT" : "ON_DEMAND",
        labels: args.labels,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: args.minNodes, maxSize: args.maxNodes, desiredSize: args.minNodes },
        // budgets of pods are kept: a node that cannot be drained fails the update
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
      },
      {
        ...opts,
        // an autoscaler's to choose
        ignoreChanges: ["scalingConfig.desiredSize"],
        dependsOn: [...given.after, ...attached],
      },
    );
  });
}

const disk = (deviceName: string, volumeSize: number, key: Key) => ({
  deviceName,
  ebs: {
    volumeSize,
    volumeType: "gp3",
    encrypted: "true",
    kmsKeyId: key.arn,
    deleteOnTermination: "true",
  },
});
