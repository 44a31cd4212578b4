/**
 * One tenant: who it is to every system that keeps tenants apart. Whatever stores, routes or shows something of a tenant
 * reads its name, header or label from here, so that no two of them can differ.
 *
 *     environment ─▶ Tenant ─┬─▶ namespaces, quotas, roles      (cluster base)
 *                            ├─▶ pipelines by `tenant_id`       (collectors)
 *                            ├─▶ headers                        (Loki, Jaeger, Thanos; sources that read them)
 *                            └─▶ project                        (Argo CD)
 */

/** The part of telemetry that no tenant owns. */
export const PLATFORM_TENANT = "platform";

/** The attribute of a resource, and the label of a metric, that says whose telemetry it is. */
export const TENANT_ATTRIBUTE = "tenant_id";

/** What stores telemetry by tenant. */
export type TenantStore = "jaeger" | "loki" | "thanos";

/**
 * The header (gRPC metadata) by which each store is told the tenant: Loki's is fixed, the others are their defaults.
 *
 * @see https://grafana.com/docs/loki/latest/operations/multi-tenancy/
 * @see https://thanos.io/tip/components/receive.md/ `--receive.tenant-header`
 * @see https://www.jaegertracing.io/docs/latest/deployment/security/ `multi_tenancy.header`
 */
export const TENANT_HEADERS: Readonly<Record<TenantStore, string>> = {
  jaeger: "x-tenant",
  loki: "X-Scope-OrgID",
  thanos: "THANOS-TENANT",
};

/**
 * Most characters of a tenant's name. Names of objects and labels have 63; the least room is in Grafana, whose uids have
 * 40: `thanos-<name>` must fit, and one character is kept for a further store's name.
 */
export const TENANT_NAME_LENGTH = 32;

/** Names that mean something else to a system that a tenant's name is given to, each with what it means. */
export const RESERVED_TENANTS: Readonly<Record<string, string>> = {
  [PLATFORM_TENANT]: "the name under which telemetry that no tenant owns is stored",
  default: "Argo CD's own project, which allows everything",
  "default-tenant": "the tenant under which Thanos stores what names none",
  fake: "the tenant under which Loki stores what names none",
};

/** The size of a tenant's namespace; amounts are Kubernetes quantities. */
export interface NamespaceSize {
  /** Sum of CPU requests: `8`, `500m`. */
  readonly cpu: string;
  /** Sum of memory requests, and sum of memory limits: `16Gi`. */
  readonly memory: string;
  /** Most pods at once, 1–10000. */
  readonly pods: number;
  /** Sum of storage that claims ask for: `100Gi`. */
  readonly storage: string;
}

export interface Tenant {
  /** Its name, a DNS label of at most {@link TENANT_NAME_LENGTH} characters: `tenant_id` of all that is its own. */
  readonly name: string;
  /** The team that owns it, DNS label: where its alerts go. */
  readonly team: string;
  /** Group, as authenticators spell it, of the team's members. */
  readonly group: string;
  /** Clusters that carry its namespaces, DNS labels. */
  readonly clusters: readonly string[];
  /** Its namespaces by name, DNS labels, the same in each of its clusters. */
  readonly namespaces: Readonly<Record<string, NamespaceSize>>;
}

/** How a store is told whose data it is asked for, or given. */
export function tenantHeader(store: TenantStore, tenant: string): Readonly<Record<string, string>> {
  return { [TENANT_HEADERS[store]]: tenant };
}

/** uid of the Grafana source that shows a tenant what a store has of it; at most 40 characters. */
export const sourceUid = (store: TenantStore, tenant: string): string => `${store}-${tenant}`;

/** The Argo CD project that bounds what a tenant may deploy, and where. */
export const projectName = ({ name }: Pick<Tenant, "name">): string => name;

/** Names of the namespaces that a tenant has in one cluster: none where it does not run. */
export function namespacesOn({ clusters, namespaces }: Tenant, cluster: string): string[] {
  return clusters.includes(cluster) ? Object.keys(namespaces) : [];
}

/** Why a name cannot be a tenant's, as the end of a sentence; undefined where it can. */
export function tenantNameFault(name: string): string | undefined {
  const meaning = Object.hasOwn(RESERVED_TENANTS, name) ? RESERVED_TENANTS[name] : undefined;
  if (meaning !== undefined) return `is ${meaning}: choose another name`;
  if (name.length > TENANT_NAME_LENGTH) {
    return `has ${name.length} characters, must be at most ${TENANT_NAME_LENGTH}: uids of Grafana's sources end in it and have 40`;
  }
  return undefined;
}
