/** What add-ons may do at AWS. They have roles of their own, so that nodes, and with them every pod, have none of it. */
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { podTrust } from "./pod-roles";
import { policyDocument, type Statement } from "./policy-document";
import { managedPolicyArn, partitionOf, type Whereabouts } from "./whereabouts";

/** An add-on of EKS. */
export type AddonName = "aws-ebs-csi-driver" | "coredns" | "eks-pod-identity-agent" | "kube-proxy" | "vpc-cni";

interface AddonRole {
  readonly serviceAccount: string;
  /** Policy that AWS keeps for it. */
  readonly policy: string;
  readonly statements?: (where: Whereabouts) => readonly Statement[];
}

const ROLES: Readonly<Partial<Record<AddonName, AddonRole>>> = {
  "vpc-cni": { serviceAccount: "aws-node", policy: "AmazonEKS_CNI_Policy" },
  "aws-ebs-csi-driver": {
    serviceAccount: "ebs-csi-controller-sa",
    policy: "service-role/AmazonEBSCSIDriverPolicy",
    statements: encryptedVolumes,
  },
};

/** Its association; undefined where it needs none. */
export function podRole(
  where: Whereabouts,
  addon: AddonName,
  opts: CustomResourceOptions,
): { readonly roleArn: Output<string>; readonly serviceAccount: string } | undefined {
  const known = ROLES[addon];
  if (!known) return undefined;
  const { policy, serviceAccount, statements } = known;
  const name = `${where.name}-${addon}`;
  const role = new Role(name, { assumeRolePolicy: podTrust(where, "kube-system", [serviceAccount]) }, opts);
  new RolePolicyAttachment(name, { role: role.name, policyArn: managedPolicyArn(where, policy) }, opts);
  if (statements) new RolePolicy(name, { role: role.name, policy: policyDocument(statements(where)) }, opts);
  return { roleArn: role.arn, serviceAccount };
}

/** Volumes are encrypted with the keys that storage classes name; EC2 uses them on the driver's behalf, and nobody else. */
function encryptedVolumes({ account, region }: Whereabouts): Statement[] {
  const keys = `arn:${partitionOf(region)}:kms:${region}:${account}:key/*`;
  const throughEc2 = { "kms:ViaService": `ec2.${region}.amazonaws.com` };
  return [
    {
      Sid: "KeysOfVolumes",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*", "kms:DescribeKey"],
      Resource: keys,
      Condition: { StringEquals: throughEc2 },
    },
    {
      Sid: "KeysOfAttachedVolumes",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: keys,
      Condition: { StringEquals: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
