/** Whose work a change touches: the tenant of an object's namespace, of its label, or of the project that bounds it. */
import { TENANT_LABEL } from "../../components/labels";
import { namespacesOn, projectName, type Tenant } from "../../components/tenant";
import type { Environment } from "../../stacks/environment";
import { tenantsOf, tenantsOn } from "../../stacks/tenants";
import { type Change, isChange, type TenantTouched } from "./report";

/** The label as the engine has it in an object's inputs; undefined where there is none. */
export function tenantLabel(inputs: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { labels } = (inputs?.metadata ?? {}) as { readonly labels?: Readonly<Record<string, unknown>> };
  const label = labels?.[TENANT_LABEL];
  return typeof label === "string" ? label : undefined;
}

/**
 * Tenants of an environment by cluster, those with the most that is replaced or deleted first. A tenant that a change
 * takes out of the environment is told by its label.
 *
 * @param labels by URN, the tenant that an object names
 */
export function tenantsTouched(
  environment: Environment,
  changes: readonly Change[],
  labels: ReadonlyMap<string, string>,
): TenantTouched[] {
  const touched = new Map<string, TenantTouched>();
  for (const change of changes.filter(isChange)) {
    const { cluster, operation, urn } = change;
    if (cluster === undefined) continue;
    const label = labels.get(urn);
    const own = tenantsOn(environment, cluster).find((tenant) => isOf(tenant, change, cluster));
    const name = own?.name ?? label;
    if (name === undefined) continue;
    const team = own?.team ?? tenantsOf(environment).find((tenant) => tenant.name === name)?.team ?? "";
    const key = JSON.stringify([name, cluster]);
    const before = touched.get(key) ?? { tenant: name, team, cluster, changes: 0, destructive: 0 };
    const destructive = before.destructive + (operation === "replace" || operation === "delete" ? 1 : 0);
    touched.set(key, { ...before, changes: before.changes + 1, destructive });
  }
  return [...touched.values()].sort(
    (a, b) => b.destructive - a.destructive || b.changes - a.changes || a.tenant.localeCompare(b.tenant),
  );
}

function isOf(tenant: Tenant, { kind, name, namespace }: Change, cluster: string): boolean {
  const namespaces = namespacesOn(tenant, cluster);
  if (namespace !== "")
    return namespaces.includes(namespace) || (kind === "AppProject" && name === projectName(tenant));
  return kind === "Namespace" && namespaces.includes(name);
}
