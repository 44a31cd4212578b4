/**
 * From an environment to Argo CD on one of its clusters. The hub must know every tenant and every cluster; all of it is read
 * from the environment, so that stacks of single clusters need no order.
 */
import type { ArgoCdArgs } from "../components/argo-cd";
import type { ArgoCdHub, DeliveredTenant } from "../components/argo-cd/settings";
import { namespacesOn } from "../components/tenant";
import type { Environment } from "./environment";
import { platformIssuer } from "./sandbox-controllers";
import { tenantsOf } from "./tenants";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where it is off
 */
export function argoCdArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): ArgoCdArgs | undefined {
  const { management } = environment.components.argoCd;
  if (management === "off") return undefined;
  const tenantNamespaces = tenantsOf(environment).flatMap((tenant) => namespacesOn(tenant, name));
  if (environment.clusters[name]?.role !== "hub") return { tenantNamespaces };
  return {
    tenantNamespaces,
    hub: hub(
      environment,
      name,
      management === "external"
        ? { kind: "external" }
        : { kind: "managed", images: { argoCd: image("argo-cd"), redis: image("argo-cd-redis") } },
    ),
  };
}

function hub(environment: Environment, name: string, management: ArgoCdHub["management"]): ArgoCdHub {
  const { clusters, components } = environment;
  const { management: _, steps, ...settings } = components.argoCd;
  const spokes = Object.keys(clusters).filter((cluster) => cluster !== name);
  return {
    ...settings,
    environment: environment.name,
    management,
    issuer: platformIssuer(environment),
    tenants: delivered(environment),
    steps: steps ?? [...spokes, name].map((cluster) => [cluster]),
    apiServerCidrs: [...new Set(spokes.flatMap((spoke) => clusters[spoke]?.network.apiServerCidrs ?? []))],
  };
}

function delivered(environment: Environment): DeliveredTenant[] {
  return tenantsOf(environment).map(({ namespaces, ...tenant }) => {
    const { gitops, repositories = [] } = environment.tenants[tenant.name] ?? {};
    const names = Object.keys(namespaces);
    const own = { ...tenant, namespaces: names, repositories };
    if (!gitops) return own;
    return { ...own, delivery: { ...gitops, namespace: gitops.namespace ?? names[0] ?? "" } };
  });
}
