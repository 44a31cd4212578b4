/**
 * A token of a ServiceAccount that lives as long as a Secret: a TokenRequest bound to an empty Secret beside the account.
 * The API server refuses the token once the Secret is gone, so one token can be let go without touching the account or
 * another token of it.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
 */
import { randomBytes } from "node:crypto";
import type { Token } from "../../stacks/credential-inventory";
import { ClusterUnreachable } from "../../stacks/live-cluster";
import type { ClusterApi } from "./clusters";

/** On each Secret that a token is bound to: the name of its credential. */
const CREDENTIAL_LABEL = "fleetwright.dev/credential";

export interface IssuedToken {
  readonly token: string;
  /** As the API server granted it, RFC 3339; it may be earlier than asked. */
  readonly expires: string;
  /** Name of the Secret that it lives as long as. */
  readonly boundTo: string;
}

interface TokenRequest {
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

const secretsPath = ({ namespace }: Token) => `/api/v1/namespaces/${namespace}/secrets`;

/**
 * @throws ClusterUnreachable when nothing answers, or the account is not there yet
 * @throws RequestRefused when a right is missing
 */
export async function issueToken(cluster: ClusterApi, of: Token, lifetimeSeconds: number): Promise<IssuedToken> {
  const boundTo = `${of.name}-${randomBytes(4).toString("hex")}`;
  const account = `/api/v1/namespaces/${of.namespace}/serviceaccounts/${of.serviceAccount}`;
  const absent = `cluster ${of.cluster} has no ServiceAccount ${of.namespace}/${of.serviceAccount}: run \`pulumi up\` first`;
  if (!(await cluster.get(account, "metadata"))) throw new ClusterUnreachable(absent);
  const secret = await cluster.send<{ metadata: { uid: string } }>("POST", secretsPath(of), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: boundTo, labels: { [CREDENTIAL_LABEL]: of.name } },
    type: "fleetwright.dev/bound-token",
  });
  const request = await cluster.send<TokenRequest>("POST", `${account}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      expirationSeconds: lifetimeSeconds,
      boundObjectRef: { apiVersion: "v1", kind: "Secret", name: boundTo, uid: secret?.metadata.uid },
    },
  });
  if (!request) throw new ClusterUnreachable(absent);
  const { expirationTimestamp: expires, token } = request.status;
  return { token, expires, boundTo };
}

/** Whether a cluster takes a token as that of the account; also of one that was rebuilt since. */
export async function isTaken(cluster: ClusterApi, of: Token, token: string): Promise<boolean> {
  const review = await cluster.send<{ status: { authenticated?: boolean; user?: { username?: string } } }>(
    "POST",
    "/apis/authentication.k8s.io/v1/tokenreviews",
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } },
  );
  const { authenticated, user } = review?.status ?? {};
  return authenticated === true && user?.username === `system:serviceaccount:${of.namespace}:${of.serviceAccount}`;
}

/** Names of the Secrets that tokens of the credential are bound to, but for the one that is kept. */
export async function otherTokens(cluster: ClusterApi, of: Token, kept: string | undefined): Promise<string[]> {
  const selector = encodeURIComponent(`${CREDENTIAL_LABEL}=${of.name}`);
  const found = await cluster.get<{ items: readonly { metadata: { name: string } }[] }>(
    `${secretsPath(of)}?labelSelector=${selector}`,
    "metadata",
  );
  return (found?.items ?? []).map(({ metadata }) => metadata.name).filter((name) => name !== kept);
}

/** Ends a token: from here on the API server refuses it, but for the seconds that it remembers having taken it. */
export async function revokeToken(cluster: ClusterApi, of: Token, boundTo: string): Promise<void> {
  await cluster.send("DELETE", `${secretsPath(of)}/${boundTo}`);
}
