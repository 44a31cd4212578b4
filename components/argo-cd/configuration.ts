/**
 * What Argo CD's own ConfigMaps say: how it manages objects, how its programs run, and who may do what.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/argocd-cm-yaml/
 */
import { stringify } from "yaml";
import { byGroup, DEPLOYED_KINDS, DERIVED_KINDS, type ManagedKind, PLATFORM_KINDS } from "./kinds";
import type { ArgoCdHub, DeliveredTenant, SingleSignOn } from "./settings";

/** Where the programs find the certificates that clients of the repo server show and trust. */
const CLIENT_CERTIFICATES = "/app/config/reposerver/mtls";

/** `argocd-cm` of upstream with ours. */
export function mainSettings(
  upstream: Readonly<Record<string, string>>,
  { singleSignOn, url }: Pick<ArgoCdHub, "singleSignOn" | "url">,
): Record<string, string> {
  return {
    ...upstream,
    // the only account with a password; people come by single sign-on, and operators through the API server
    "admin.enabled": "false",
    "application.resourceTrackingMethod": "annotation",
    // the hub is a cluster like the others, reached by an account with the same rights
    "cluster.inClusterEnabled": "false",
    "resource.exclusions": kindList(PLATFORM_KINDS),
    "resource.inclusions": kindList([...DEPLOYED_KINDS, ...DERIVED_KINDS]),
    // what the account may not list is passed over instead of failing the cluster
    "resource.respectRBAC": "normal",
    ...(url ? { url } : {}),
    ...(singleSignOn ? { "oidc.config": openIdConnect(singleSignOn) } : {}),
  };
}

const kindList = (kinds: readonly ManagedKind[]) =>
  stringify(
    [...byGroup(kinds)].map(([group, all]) => ({
      apiGroups: [group],
      kinds: all.map(({ kind }) => kind),
      clusters: ["*"],
    })),
  );

function openIdConnect({ clientId, clientSecretName, issuer }: SingleSignOn): string {
  return stringify({
    name: "SSO",
    issuer,
    clientID: clientId,
    // read from the Secret when somebody logs in
    ...(clientSecretName ? { clientSecret: `$${clientSecretName}:clientSecret` } : { enablePKCEAuthentication: true }),
    requestedScopes: ["openid", "profile", "email", "groups"],
  });
}

/** `argocd-cmd-params-cm`: only what is set here reaches the programs. */
export function programSettings(): Readonly<Record<string, string>> {
  const trusted = `${CLIENT_CERTIFICATES}/server-ca.crt`;
  return {
    "applicationsetcontroller.enable.leader.election": "true",
    "applicationsetcontroller.enable.progressive.syncs": "true",
    // generators that ask a code host would carry its tokens wherever an ApplicationSet says
    "applicationsetcontroller.enable.scm.providers": "false",
    "applicationsetcontroller.repo.server.ca.cert.path": trusted,
    "controller.repo.server.ca.cert.path": trusted,
    // a synchronisation that never ends would block the next one
    "controller.sync.timeout.seconds": "1800",
    // each one may unpack a repository and run Helm: upstream's advice against running out of memory
    "reposerver.parallelism.limit": "10",
    "server.repo.server.ca.cert.path": trusted,
  };
}

/**
 * `argocd-rbac-cm`: nobody may do anything but what is said here or by a project. Teams see their projects and repositories;
 * what they may do with Applications stands in the projects.
 */
export function permissions({ adminGroups = [], tenants }: Pick<ArgoCdHub, "adminGroups" | "tenants">) {
  const teams = new Map<string, DeliveredTenant[]>();
  for (const tenant of tenants) teams.set(tenant.team, [...(teams.get(tenant.team) ?? []), tenant]);
  const lines = [...teams].flatMap(([team, its]) => [
    ...its.flatMap(({ name }) => [
      `p, ${roleOf(team)}, projects, get, ${name}, allow`,
      `p, ${roleOf(team)}, repositories, get, ${name}/*, allow`,
    ]),
    ...[...new Set(its.map(({ group }) => group))].map((group) => `g, ${inCsv(group)}, ${roleOf(team)}`),
  ]);
  return {
    "policy.csv": [...lines, ...adminGroups.map((group) => `g, ${inCsv(group)}, role:admin`), ""].join("\n"),
    "policy.default": "",
    "policy.matchMode": "glob",
    scopes: "[groups]",
  };
}

/** Not `role:admin` or `role:readonly`, which Argo CD has by itself: a team may be called so. */
const roleOf = (team: string) => `role:team-${team}`;

/** A field of Argo CD's policy, whose lines are CSV: groups of LDAP have commas. */
const inCsv = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
