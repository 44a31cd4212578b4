/** Where blocks, chunks and backups are kept: one bucket of one store. */

/** One bucket. Its credentials are never here: pods prove who they are to the cloud by their ServiceAccount. */
export type ObjectStore =
  | {
      readonly kind: "s3";
      /** Name of the bucket, 3–63 characters (Amazon S3, bucket naming rules). */
      readonly bucket: string;
      /** Region of the bucket, as the cloud spells it. */
      readonly region: string;
      /** `host` or `host:port` of an S3-compatible store. @default Amazon S3 of the region */
      readonly endpoint?: string;
      /** ARN of the role that the pods take. @default none: the cluster associates one (EKS Pod Identity) */
      readonly roleArn?: string;
    }
  | {
      /** A folder of the pod's own volume: for one machine, where nothing must outlive it. */
      readonly kind: "filesystem";
    };
