/**
 * The bucket of metrics as Thanos spells it, and what each part that uses it needs.
 *
 * @see https://thanos.io/tip/thanos/storage.md/
 */
import type { ObjectStore } from "../object-store";
import { storeIdentity, storeReach } from "../object-store-access";
import { CONFIGURATION_FOLDER, DATA_FOLDER, yamlFile } from "./process";

const FILE = "object-store.yaml";

/** The flag that names the file. */
const FLAG = `--objstore.config-file=${CONFIGURATION_FOLDER}/${FILE}`;

/** The file; no credentials stand in it, for the pod has a role. */
export function bucketFile(store: ObjectStore): string {
  if (store.kind === "filesystem") {
    return yamlFile({ type: "FILESYSTEM", config: { directory: `${DATA_FOLDER}/bucket` } });
  }
  const { bucket, endpoint, region } = store;
  return yamlFile({
    type: "S3",
    config: {
      bucket,
      region,
      endpoint: endpoint ?? `s3.${region}.${domainOf(region)}`,
      // Amazon's own chain of credentials: it knows roles of ServiceAccounts and of Pod Identity alike
      aws_sdk_auth: true,
    },
  });
}

/** What a part adds to its own to use the bucket. */
export interface BucketAccess {
  readonly flags: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly reaches: ReturnType<typeof storeReach>;
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** Flag, file, role and way of a part that reads or writes the bucket. */
export function bucketAccess(store: ObjectStore): BucketAccess {
  return {
    flags: [FLAG],
    files: { [FILE]: bucketFile(store) },
    reaches: storeReach(store),
    serviceAccountAnnotations: storeIdentity(store),
  };
}

/**
 * The same for a part that makes blocks. On a file system nobody would see what it uploads, so it keeps its blocks where
 * they are and answers for them itself.
 */
export const bucketUpload = (store: ObjectStore): BucketAccess =>
  store.kind === "filesystem" ? { flags: [], files: {}, reaches: [] } : bucketAccess(store);

const domainOf = (region: string) => (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");
