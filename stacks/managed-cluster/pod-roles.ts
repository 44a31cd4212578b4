/**
 * What pods may do at AWS: a role for each ServiceAccount that keeps objects, with the bucket, the folder and the verbs that it
 * needs. EKS Pod Identity hands them out; no pod has a key, and none has the node's role.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
import type { Cluster } from "@pulumi/aws/eks/cluster";
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { objectsAlias } from "./keys";
import { policyDocument, type Statement } from "./policy-document";
import { clusterArn, partitionOf, type Whereabouts } from "./whereabouts";

/** One ServiceAccount and its part of a bucket. */
export interface PodRole {
  /** DNS label. */
  readonly namespace: string;
  /** DNS label. */
  readonly serviceAccount: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Region of the bucket. */
  readonly bucketRegion: string;
  /** Folder of the bucket that is its own, without slashes around it. @default the whole bucket */
  readonly prefix?: string;
  /** Whether it writes and deletes, or only reads. */
  readonly access: "read" | "readWrite";
}

export function podRoles(
  where: Whereabouts,
  roles: readonly PodRole[],
  cluster: Cluster,
  opts: CustomResourceOptions,
): void {
  for (const given of roles) {
    const { namespace, serviceAccount } = given;
    const name = `${where.name}-${serviceAccount}`;
    const role = new Role(name, { assumeRolePolicy: podTrust(where, namespace, [serviceAccount]) }, opts);
    const policy = new RolePolicy(
      name,
      { role: role.name, policy: policyDocument(objectStatements(where, given)) },
      opts,
    );
    new PodIdentityAssociation(
      name,
      { clusterName: cluster.name, namespace, serviceAccount, roleArn: role.arn },
      { ...opts, dependsOn: [policy] },
    );
  }
}

/** Who may take a role: these ServiceAccounts, of this namespace, of this cluster. */
export function podTrust(where: Whereabouts, namespace: string, serviceAccounts: readonly string[]): string {
  return policyDocument([
    {
      Sid: "Pods",
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:RequestTag/eks-cluster-arn": clusterArn(where),
          "aws:RequestTag/kubernetes-namespace": namespace,
          "aws:RequestTag/kubernetes-service-account": serviceAccounts,
        },
      },
    },
  ]);
}

/** What one of them may do. */
export function objectStatements(where: Whereabouts, role: PodRole): Statement[] {
  const { access, bucket, bucketRegion, prefix } = role;
  const arn = `arn:${partitionOf(bucketRegion)}:s3:::${bucket}`;
  const writes = access === "readWrite";
  return [
    {
      Sid: "List",
      Effect: "Allow",
      // where a bucket is says nothing of a folder, and so would fail the condition
      Action: ["s3:ListBucket", ...(prefix === undefined ? ["s3:GetBucketLocation"] : [])],
      Resource: arn,
      ...(prefix === undefined ? {} : { Condition: { StringLike: { "s3:prefix": [prefix, `${prefix}/*`] } } }),
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        ...(writes
          ? ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
          : []),
      ],
      Resource: `${arn}/${prefix === undefined ? "*" : `${prefix}/*`}`,
    },
    {
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:Decrypt", ...(writes ? ["kms:GenerateDataKey"] : [])],
      Resource: `arn:${partitionOf(bucketRegion)}:kms:${bucketRegion}:${where.account}:key/*`,
      Condition: {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": objectsAlias(where.environment) },
        StringEquals: { "kms:ViaService": `s3.${bucketRegion}.amazonaws.com` },
      },
    },
  ];
}
