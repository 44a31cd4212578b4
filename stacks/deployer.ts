/**
 * Who deploys, as the API server sees it: tier 0 lets nobody but the environment's administrators change what admission
 * rests on, and a run that finds that out half-way has made half of it.
 */
import type { Accounts } from "../components/tier-zero";
import { type LiveCluster, RequestRefused } from "./live-cluster";

/** An account as the API server knows it. */
export interface Deployer {
  readonly username: string;
  readonly groups?: readonly string[];
}

const REVIEW = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };

/**
 * The account that this program reaches the cluster with; undefined where the API server does not say.
 *
 * @throws ClusterUnreachable when the cluster does not answer
 */
export async function readDeployer(cluster: LiveCluster): Promise<Deployer | undefined> {
  try {
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    return (await cluster.send<{ status: { userInfo: Deployer } }>("POST", path, REVIEW))?.status.userInfo;
  } catch (error) {
    // who may not even ask that can still preview
    if (error instanceof RequestRefused) return undefined;
    throw error;
  }
}

/** The sentence to say of an account that tier 0 would refuse; undefined where it would not. */
export function lockedOut(
  cluster: string,
  { username, groups = [] }: Deployer,
  administrators: Accounts,
): string | undefined {
  if (administrators.users.includes(username)) return undefined;
  if (groups.some((group) => administrators.groups.includes(group))) return undefined;
  const named = [...administrators.users, ...administrators.groups].join(", ");
  return (
    `cluster ${cluster}: the account ${username} (groups ${groups.join(", ") || "none"}) is none of policy.administrators (${named}), and the API ` +
    "server would refuse it to change Gatekeeper, the exempt namespaces and the platform's webhooks (GK-01 to GK-03). Deploy as one of " +
    "them, or add the user or one of its groups to policy.administrators in the environment file"
  );
}
