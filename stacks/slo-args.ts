/** The objectives of an environment: of whom each is, who is told, and in which clusters it is measured. */
import type { Slo } from "../components/slo/objective";
import type { Environment } from "./environment";
import { tenantsOf } from "./tenants";

/** One objective by its name, wherever it is measured. */
export function sloOf(environment: Environment, name: string): Slo | undefined {
  const spec = environment.slos[name];
  if (!spec) return undefined;
  const { objective, service, sli, windowDays } = spec;
  const tenant = tenantsOf(environment).find((one) => one.name === spec.tenant);
  return {
    name,
    tenant: tenant?.name,
    team: tenant?.team ?? environment.owner,
    service: service ?? (sli.kind === "istio" ? sli.service : name),
    objective,
    windowDays,
    sli,
  };
}

/** The objectives that are measured in one cluster, in the order of the file. */
export function slosOn(environment: Environment, cluster: string): Slo[] {
  return Object.entries(environment.slos)
    .filter(([, { clusters, tenant }]) => {
      const its = tenantsOf(environment).find(({ name }) => name === tenant)?.clusters;
      return (clusters ?? its ?? Object.keys(environment.clusters)).includes(cluster);
    })
    .flatMap(([name]) => sloOf(environment, name) ?? []);
}
