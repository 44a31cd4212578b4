/**
 * What every cluster has before anything runs on it: namespaces with an owner, no traffic but the flows, ranks, and for
 * each tenant a size and two roles.
 *
 *   environment ─→ ClusterBaseArgs ─┬→ namespaces      Namespace
 *   components' flows ──────────────┼→ network policies NetworkPolicy
 *                                   ├→ priority classes PriorityClass
 *                                   └→ per tenant       ResourceQuota, LimitRange, Role, RoleBinding
 */
import { App, Chart } from "cdk8s";
import { checkNamespaces, platformNamespace, tenantNamespace } from "./cluster-base/namespaces";
import { type ClusterNetwork, networkPolicies } from "./cluster-base/network-policies";
import { priorityClasses } from "./cluster-base/priority-classes";
import { quotas } from "./cluster-base/quotas";
import { teamRoles } from "./cluster-base/team-roles";
import { type Flow, type PodsPeer, toClusterDns } from "./flow";
import { type KubeObject, keyOf } from "./kube-object";
import { type Labels, requireDnsLabel } from "./labels";
import { Manifest } from "./manifest";
import type { PlatformNamespace } from "./platform-namespace";
import type { NamespaceSize } from "./tenant";

/** People who own tenants. */
export interface Team {
  /** Group, as the API server's authenticator spells it, whose members get the team's roles. */
  readonly group: string;
}

/** A tenant's part of this cluster. */
export interface TenantNamespaces {
  /** The team that owns it: a key of `teams`. */
  readonly team: string;
  /** Its namespaces by name, DNS labels, each with what it may use in all. */
  readonly namespaces: Readonly<Record<string, NamespaceSize>>;
}

export interface ClusterBaseArgs {
  /** Kubernetes minor, `1.N`: what Pod Security labels are pinned to. */
  readonly kubernetes: string;
  /** Team that owns the platform's namespaces, DNS label: their `fleetwright.dev/owner`. */
  readonly owner: string;
  /** The platform's namespaces, of all its components. */
  readonly platformNamespaces: readonly PlatformNamespace[];
  /** Teams by name, DNS labels. */
  readonly teams: Readonly<Record<string, Team>>;
  /** Tenants of this cluster by name, DNS labels. */
  readonly tenants: Readonly<Record<string, TenantNamespaces>>;
  /** Labels of every tenant's namespace by which components know it, such as that of the mesh. @default none */
  readonly tenantLabels?: Labels;
  /** Annotations of single namespaces of tenants, by the namespace. @default none */
  readonly tenantAnnotations?: Readonly<Record<string, Labels>>;
  /** Addresses of the API server. */
  readonly network: ClusterNetwork;
  /** What components and tenants declare; name lookups, and talk inside a tenant, are added to them. */
  readonly flows: readonly Flow[];
}

/** Every flow of the cluster: the declared ones, and those that each namespace has by what it is. */
export function clusterFlows(args: ClusterBaseArgs): Flow[] {
  const all = (namespace: string): PodsPeer => ({ namespace, pods: "all" });
  return [
    ...[...platformNames(args), ...tenantNames(args)].map((namespace) =>
      toClusterDns(all(namespace), "every program looks up the names of others"),
    ),
    ...Object.values(args.tenants).flatMap(({ namespaces }) => {
      const names = Object.keys(namespaces);
      return names.flatMap((from) =>
        names.map(
          (to): Flow => ({
            from: all(from),
            to: all(to),
            ports: "all",
            why: "one tenant's programs talk to one another",
          }),
        ),
      );
    }),
    ...args.flows,
  ];
}

/**
 * The base of one cluster.
 *
 * @throws Error naming the field, its value and the bound, before any object is made
 */
export class ClusterBaseChart extends Chart {
  constructor(args: ClusterBaseArgs) {
    super(new App(), "cluster-base", { disableResourceNameHashes: true });
    for (const object of objects(args)) new Manifest(this, keyOf(object), object);
  }
}

function objects(args: ClusterBaseArgs): KubeObject[] {
  checkArgs(args);
  const {
    kubernetes,
    network,
    owner,
    platformNamespaces,
    teams,
    tenantAnnotations = {},
    tenantLabels = {},
    tenants,
  } = args;
  return [
    ...platformNamespaces.map((namespace) => platformNamespace(namespace, owner, kubernetes)),
    ...Object.entries(tenants).flatMap(([tenant, { namespaces, team }]) =>
      Object.keys(namespaces).map((name) =>
        tenantNamespace(name, tenant, team, kubernetes, { labels: tenantLabels, annotations: tenantAnnotations[name] }),
      ),
    ),
    ...priorityClasses(),
    ...networkPolicies([...platformNames(args), ...tenantNames(args)], clusterFlows(args), network),
    ...Object.values(tenants).flatMap(({ namespaces, team }) =>
      Object.entries(namespaces).flatMap(([name, size]) => [
        ...quotas(name, size),
        ...teamRoles(name, teams[team]?.group ?? ""),
      ]),
    ),
  ];
}

const platformNames = ({ platformNamespaces }: ClusterBaseArgs) => platformNamespaces.map(({ name }) => name);

const tenantNames = ({ tenants }: ClusterBaseArgs) =>
  Object.values(tenants).flatMap(({ namespaces }) => Object.keys(namespaces));

function checkArgs(args: ClusterBaseArgs): void {
  if (!/^1\.[0-9]{2}$/.test(args.kubernetes)) {
    throw new Error(`cluster-base: kubernetes is "${args.kubernetes}", must be a minor such as 1.35`);
  }
  requireDnsLabel("cluster-base", "owner", args.owner);
  checkNamespaces(args.platformNamespaces, tenantNames(args));
  for (const [tenant, { team }] of Object.entries(args.tenants)) {
    requireDnsLabel("cluster-base", "a tenant", tenant);
    const group = args.teams[team]?.group;
    if (group === undefined) {
      const known = Object.keys(args.teams).join(", ") || "none";
      throw new Error(`cluster-base: team of tenant "${tenant}" is "${team}", must be one of teams: ${known}`);
    }
    if (group.trim() === "" || /^system:(masters|authenticated|unauthenticated)$/.test(group)) {
      throw new Error(`cluster-base: group of team "${team}" is "${group}", must be a group of the team's own members`);
    }
  }
}
