/** Where what must outlive its pods is kept: one object store for the environment, one bucket per component. */
import { z } from "zod";

const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "must be 3–63 lower-case letters, digits, '-' and '.', as Amazon S3 names buckets",
  );
const roleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/,
    "must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/thanos",
  );

// what does not fit together is told by stacks/object-store.ts, with the faults between fields
export const objectStore = z.strictObject({
  /** `s3`, Amazon S3 or a store that speaks its protocol; `filesystem`, folders of the pods' own volumes: in the sandbox only, for no pod sees what another one keeps. */
  kind: z.enum(["s3", "filesystem"]),
  /** Region of the buckets, as the cloud spells it. @default none: required by `s3` */
  region: z.string().min(1).max(63).optional(),
  /** `host` or `host:port` of an S3-compatible store, reached by TLS. @default Amazon S3 of the region */
  endpoint: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/, "must be host or host:port, without scheme")
    .optional(),
  /** Name of each component's bucket; two components never share one. */
  buckets: z
    .strictObject({
      /** Bucket of metrics. @default none: required where Thanos is managed */
      thanos: bucketName.optional(),
      /** Bucket of logs. @default none: required where Loki is managed */
      loki: bucketName.optional(),
      /** Bucket of backups. @default none: required where Velero is managed */
      velero: bucketName.optional(),
    })
    .prefault({}),
  /** IAM role that the pods of each component take by their ServiceAccount. */
  roleArns: z
    .strictObject({
      /** Role of Thanos. @default none: the cluster associates one (EKS Pod Identity) */
      thanos: roleArn.optional(),
      /** Role of Loki. @default none: the cluster associates one (EKS Pod Identity) */
      loki: roleArn.optional(),
      /** Role of Velero. @default none: the cluster associates one (EKS Pod Identity) */
      velero: roleArn.optional(),
    })
    .prefault({}),
});
