/** The objectives of an environment: of whom each is, who is told, and in which clusters it is measured. */
import type { Slo } from "../components/slo/objective";
import type { Environment } from "./environment";
import { tenantsOf } from "./tenants";

/** The objectives that are measured in one cluster, in the order of the file. */
export function slosOn(environment: Environment, cluster: string): Slo[] {
  const tenants = tenantsOf(environment);
  return Object.entries(environment.slos).flatMap(([name, spec]): Slo[] => {
    const { objective, service, sli, windowDays } = spec;
    const tenant = tenants.find((one) => one.name === spec.tenant);
    const clusters = spec.clusters ?? tenant?.clusters ?? Object.keys(environment.clusters);
    if (!clusters.includes(cluster)) return [];
    return [
      {
        name,
        tenant: tenant?.name,
        team: tenant?.team ?? environment.owner,
        service: service ?? (sli.kind === "istio" ? sli.service : name),
        objective,
        windowDays,
        sli,
      },
    ];
  });
}
