/** What is wrong with the object store of an environment file: read raw, with the other faults between fields. */
import { asMap, type Raw } from "./raw-value";

/** Components that keep objects, as the environment names their buckets. */
const USERS = ["thanos", "loki", "velero"] as const;

/** A component that keeps objects. */
export type StoreUser = (typeof USERS)[number];

/**
 * Components that cannot run without an object store, each with the `management` that its schema assumes where the file
 * says nothing.
 */
const NEEDED_BY: Readonly<Partial<Record<StoreUser, string>>> = { thanos: "managed" };

const MANAGED: Readonly<Record<StoreUser, string>> = { thanos: "managed", loki: "managed", velero: "managed" };

type Fault = { readonly path: readonly string[]; readonly message: string };

/** What is wrong with the object store of an environment file, as its author wrote it. */
export function objectStoreFaults({ components, objectStore, sandbox }: Raw, neededBy = NEEDED_BY): Fault[] {
  const store = asMap(objectStore);
  if (store.kind === "filesystem") return filesystemFaults(store, sandbox);
  if (objectStore === undefined && sandbox !== undefined) return [];
  const buckets = asMap(store.buckets);
  // in a sandbox all three are managed where the file says nothing, and there is no folder once there is a store
  const assumed = sandbox !== undefined && store.kind === "s3" ? MANAGED : neededBy;
  const missing = USERS.filter(
    (user) => (asMap(asMap(components)[user]).management ?? assumed[user]) === "managed" && !(user in buckets),
  );
  return [
    ...(store.kind === "s3" && store.region === undefined
      ? [{ path: ["objectStore", "region"], message: "is missing: buckets of kind s3 live in a region" }]
      : []),
    ...missing.map((user) => ({
      path: ["objectStore", "buckets", user],
      message: `is missing: name the bucket in which ${user} keeps what it stores, or set components.${user}.management to external or off`,
    })),
    ...sharedBuckets(buckets),
  ];
}

function filesystemFaults(store: Raw, sandbox: unknown): Fault[] {
  const fields = ["region", "endpoint", "buckets", "roleArns"].filter((field) => field in store);
  return [
    ...(sandbox === undefined
      ? [
          {
            path: ["objectStore", "kind"],
            message:
              "is for the sandbox only, where nothing outlives its machine: take s3 with the buckets of the components",
          },
        ]
      : []),
    ...fields.map((field) => ({
      path: ["objectStore", field],
      message: "is a field of kind s3: a file system has none, leave it out",
    })),
  ];
}

/** What two components wrote into one bucket, each would delete by its own rules. */
function sharedBuckets(buckets: Raw): Fault[] {
  const named = USERS.filter((user) => buckets[user] !== undefined);
  return named.flatMap((user, index) => {
    const other = named.slice(0, index).find((earlier) => buckets[earlier] === buckets[user]);
    const message = `is the bucket of ${other} too: each component needs one of its own`;
    return other === undefined ? [] : [{ path: ["objectStore", "buckets", user], message }];
  });
}
