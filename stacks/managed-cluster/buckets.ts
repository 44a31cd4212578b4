/**
 * The buckets of an environment: private, encrypted with a key of ours, with the versions of what was overwritten or deleted
 * for a month. They outlive the stack: destroying it leaves them, for a human to judge.
 */
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { objectsKey } from "./keys";
import { policyDocument } from "./policy-document";
import { partitionOf, type Whereabouts } from "./whereabouts";

/** A bucket that is made. */
export interface OwnBucket {
  /** 3–63 characters, unique among all of Amazon S3. */
  readonly name: string;
  /** Its region; all buckets of an environment have the same. */
  readonly region: string;
}

/** Days until an overwritten or deleted version is gone for good. */
const NONCURRENT_DAYS = 30;

/** Days until the parts of an upload that never ended are gone. */
const UNFINISHED_DAYS = 7;

export function ownBuckets(where: Whereabouts, buckets: readonly OwnBucket[], opts: CustomResourceOptions): void {
  const [first] = buckets;
  if (!first) return;
  const key = objectsKey(where, first.region, opts);
  for (const { name, region } of buckets) {
    const bucket = new Bucket(
      name,
      { bucket: name, region, forceDestroy: false },
      { ...opts, protect: true, retainOnDelete: true },
    );
    const its = { bucket: bucket.bucket, region };
    const blocked = new BucketPublicAccessBlock(
      name,
      {
        ...its,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      opts,
    );
    new BucketOwnershipControls(name, { ...its, rule: { objectOwnership: "BucketOwnerEnforced" } }, opts);
    const versioning = new BucketVersioning(name, { ...its, versioningConfiguration: { status: "Enabled" } }, opts);
    new BucketServerSideEncryptionConfiguration(
      name,
      {
        ...its,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
            // one question to the key per bucket and time, not per object
            bucketKeyEnabled: true,
          },
        ],
      },
      opts,
    );
    new BucketPolicy(name, { ...its, policy: encryptedWays(name, region) }, { ...opts, dependsOn: [blocked] });
    new BucketLifecycleConfiguration(
      name,
      {
        ...its,
        rules: [
          {
            id: "leftovers",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: UNFINISHED_DAYS },
            noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
      { ...opts, dependsOn: [versioning] },
    );
  }
}

/** Nobody reads or writes without TLS, or with an old one. */
export function encryptedWays(bucket: string, region: string): string {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  const refused = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`] } as const;
  return policyDocument([
    { ...refused, Sid: "WithoutTls", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { ...refused, Sid: "OldTls", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ]);
}
