/**
 * The keys of a cluster: one for what only it reads (Secrets, logs, disks of nodes), one for the buckets of the environment.
 * Both rotate each year, and wait for 30 days before they are gone for good.
 */
import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./policy-document";
import { partitionOf, type Whereabouts } from "./whereabouts";

/** Alias of the key of the buckets; policies name it, for a key's own id is not known before it exists. */
export const objectsAlias = (environment: string): string => `alias/${environment}-objects`;

/** The cluster's own key. */
export function clusterKey(where: Whereabouts, opts: CustomResourceOptions): Key {
  const { account, name, region } = where;
  const nodesRole = `arn:${partitionOf(region)}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const uses = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
  return key(
    `${name}-cluster`,
    `alias/${name}-cluster`,
    `Secrets, logs and disks of cluster ${name}`,
    region,
    [
      owner(where),
      {
        Sid: "LogsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: uses,
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:/aws/*/${name}/*`,
          },
        },
      },
      {
        Sid: "DisksOfNodes",
        Effect: "Allow",
        Principal: { AWS: nodesRole },
        Action: uses,
        Resource: "*",
      },
      {
        Sid: "DisksOfNodesAttached",
        Effect: "Allow",
        Principal: { AWS: nodesRole },
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
    opts,
  );
}

/** The key of the environment's buckets. */
export function objectsKey(where: Whereabouts, region: string, opts: CustomResourceOptions): Key {
  const alias = objectsAlias(where.environment);
  return key(`${where.environment}-objects`, alias, "Objects of the platform", region, [owner(where)], opts);
}

function key(
  name: string,
  alias: string,
  description: string,
  region: string,
  statements: readonly Statement[],
  opts: CustomResourceOptions,
): Key {
  const made = new Key(
    name,
    { description, region, enableKeyRotation: true, deletionWindowInDays: 30, policy: policyDocument(statements) },
    // what it encrypted is lost with it
    { ...opts, protect: true },
  );
  new Alias(name, { name: alias, region, targetKeyId: made.keyId }, opts);
  return made;
}

/** The account decides by its own policies who uses a key. */
const owner = ({ account, region }: Whereabouts): Statement => ({
  Sid: "Account",
  Effect: "Allow",
  Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
  Action: "kms:*",
  Resource: "*",
});
