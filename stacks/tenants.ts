/** The tenants of an environment, each said once: whoever needs one of their names, headers or namespaces reads it here. */
import type { Tenant } from "../components/tenant";
import type { Environment } from "./environment";

/** All tenants, in the order of the file. */
export function tenantsOf({ clusters, teams, tenants }: Pick<Environment, "clusters" | "teams" | "tenants">): Tenant[] {
  return Object.entries(tenants).map(([name, { clusters: its, namespaces, team }]) => ({
    name,
    team,
    group: teams[team]?.group ?? "",
    clusters: its ?? Object.keys(clusters),
    namespaces,
  }));
}

/** Those that have namespaces in one cluster. */
export function tenantsOn(environment: Pick<Environment, "clusters" | "teams" | "tenants">, cluster: string): Tenant[] {
  return tenantsOf(environment).filter(({ clusters }) => clusters.includes(cluster));
}
