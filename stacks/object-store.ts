/**
 * Which bucket a component keeps its objects in. Whether there is one is checked when the environment is read, so that no
 * component finds out at deployment.
 */
import type { ObjectStore } from "../components/object-store";
import type { Environment } from "./environment";
import type { StoreUser } from "./object-store-checks";

/**
 * The object store of one component.
 *
 * @throws Error when the environment has none for it
 */
export function objectStoreOf(
  { file, objectStore, sandbox }: Pick<Environment, "file" | "objectStore" | "sandbox">,
  user: StoreUser,
): ObjectStore {
  const kind = objectStore?.kind ?? (sandbox === undefined ? "s3" : "filesystem");
  if (kind === "filesystem") return { kind };
  const { buckets, endpoint, region, roleArns } = objectStore ?? {};
  const bucket = buckets?.[user];
  if (bucket === undefined || region === undefined) {
    throw new Error(`${file}: objectStore has no bucket for ${user}, must name it and its region`);
  }
  const roleArn = roleArns?.[user];
  return {
    kind,
    bucket,
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
}
