/**
 * Resources of a cloud as rules read them: objects with a group for each service, and what the resource was given as `spec`.
 * They belong to no cluster, and no API server ever sees them.
 */
import type { Subject } from "../engine/judge";
import type { AnyObject } from "../engine/match";
import type { Received } from "./values";

/** Major of `@pulumi/aws` whose properties the rules know. */
const AWS = "v7";

const s3 = (kind: string) => ({ apiVersion: `s3.aws.pulumi.com/${AWS}`, kind });

/** By Pulumi type token. Names that end in V2 are those of version 6, which 7 still takes. */
const TYPES: Readonly<Record<string, Pick<AnyObject, "apiVersion" | "kind">>> = {
  "aws:eks/cluster:Cluster": { apiVersion: `eks.aws.pulumi.com/${AWS}`, kind: "Cluster" },
  "aws:s3/bucket:Bucket": s3("Bucket"),
  "aws:s3/bucketV2:BucketV2": s3("Bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": s3("BucketPublicAccessBlock"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": s3(
    "BucketServerSideEncryptionConfiguration",
  ),
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": s3(
    "BucketServerSideEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": s3("BucketVersioning"),
  "aws:s3/bucketVersioningV2:BucketVersioningV2": s3("BucketVersioning"),
};

/** Undefined for what no rule looks at, and for everything of a cluster. */
export function cloudType(token: string): Pick<AnyObject, "apiVersion" | "kind"> | undefined {
  return Object.hasOwn(TYPES, token) ? TYPES[token] : undefined;
}

/**
 * @param dependsOn by property, the types of the resources whose outputs it was made of. @default none is known
 */
export function cloudObject(
  { apiVersion, kind }: Pick<AnyObject, "apiVersion" | "kind">,
  { value, unknown }: Received,
  dependsOn: Readonly<Record<string, readonly string[]>> = {},
): Subject {
  const open = new Set(unknown.map(([property]) => String(property)));
  // of what is known nobody need ask where it comes from
  const sources = Object.fromEntries(Object.entries(dependsOn).filter(([property]) => open.has(property)));
  return {
    object: { apiVersion, kind, spec: value, dependsOn: sources },
    unknown: unknown.map((path) => ["spec", ...path]),
  };
}
