/**
 * Which ServiceAccounts keep objects, and where: the one list from which roles of pods are made. A test holds it to what is
 * rendered.
 */
import type { Environment } from "./environment";
import type { OwnBucket } from "./managed-cluster/buckets";
import type { PodRole } from "./managed-cluster/pod-roles";
import type { StoreUser } from "./object-store-checks";

/** A component that keeps objects: on which clusters, and by which accounts of its namespace. */
interface ObjectUser {
  readonly user: StoreUser;
  readonly clusters: "hub" | "all";
  readonly namespace: string;
  readonly accounts: Readonly<Record<string, PodRole["access"]>>;
}

export const OBJECT_USERS: readonly ObjectUser[] = [
  {
    user: "thanos",
    clusters: "hub",
    namespace: "thanos",
    accounts: {
      "thanos-receive-ingestor": "readWrite",
      "thanos-rule": "readWrite",
      "thanos-compact": "readWrite",
      // answers from what the others wrote
      "thanos-store": "read",
    },
  },
  { user: "loki", clusters: "hub", namespace: "loki", accounts: { loki: "readWrite" } },
  {
    user: "velero",
    clusters: "all",
    namespace: "velero",
    accounts: { velero: "readWrite", "node-agent": "readWrite" },
  },
];

/** The object store of an environment, where it is Amazon S3. */
const storeOf = ({ objectStore }: Environment) =>
  objectStore?.kind === "s3" && objectStore.endpoint === undefined ? objectStore : undefined;

/** The buckets that the environment names. */
export function bucketsOf(environment: Environment): OwnBucket[] {
  const { buckets, region } = storeOf(environment) ?? {};
  return OBJECT_USERS.flatMap(({ user }) => {
    const name = buckets?.[user];
    return name === undefined || region === undefined ? [] : [{ name, region }];
  });
}

/** What pods of one cluster may do with them. Backups of a cluster are a folder of its own, which no other can read. */
export function podRolesOf(environment: Environment, cluster: string): PodRole[] {
  const { buckets, region, roleArns } = storeOf(environment) ?? {};
  const isHub = environment.clusters[cluster]?.role === "hub";
  return OBJECT_USERS.filter(({ clusters }) => clusters === "all" || isHub).flatMap(({ accounts, namespace, user }) => {
    const bucket = buckets?.[user];
    // whoever names a role of his own has made it
    if (bucket === undefined || region === undefined || roleArns?.[user] !== undefined) return [];
    return Object.entries(accounts).map(([serviceAccount, access]) => ({
      namespace,
      serviceAccount,
      bucket,
      bucketRegion: region,
      ...(user === "velero" ? { prefix: `${environment.name}/${cluster}` } : {}),
      access,
    }));
  });
}
