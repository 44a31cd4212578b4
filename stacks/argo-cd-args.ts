/**
 * From an environment to Argo CD on one of its clusters. The hub must know every tenant and every cluster; all of it is read
 * from the environment, so that stacks of single clusters need no order.
 */
import type { ArgoCdArgs } from "../components/argo-cd";
import type { ArgoCdHub, DeliveredTenant } from "../components/argo-cd/settings";
import { PLATFORM_ISSUER } from "../components/cert-manager/issuers";
import type { Environment } from "./environment";

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
  const tenantNamespaces = Object.values(environment.tenants)
    .filter(({ clusters }) => clusters?.includes(name) ?? true)
    .flatMap(({ namespaces }) => Object.keys(namespaces));
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
  const { clusters, components, sandbox } = environment;
  const { management: _, steps, ...settings } = components.argoCd;
  const spokes = Object.keys(clusters).filter((cluster) => cluster !== name);
  return {
    ...settings,
    environment: environment.name,
    management,
    issuer: { name: PLATFORM_ISSUER, awaited: !(sandbox?.withoutController.includes("cert-manager") ?? false) },
    tenants: delivered(environment),
    steps: steps ?? [...spokes, name].map((cluster) => [cluster]),
    apiServerCidrs: [...new Set(spokes.flatMap((spoke) => clusters[spoke]?.network.apiServerCidrs ?? []))],
  };
}

function delivered({ clusters, teams, tenants }: Environment): DeliveredTenant[] {
  return Object.entries(tenants).map(([name, { clusters: its, gitops, namespaces, repositories, team }]) => {
    const names = Object.keys(namespaces);
    const tenant = {
      name,
      team,
      group: teams[team]?.group ?? "",
      clusters: its ?? Object.keys(clusters),
      namespaces: names,
      repositories,
    };
    if (!gitops) return tenant;
    return { ...tenant, delivery: { ...gitops, namespace: gitops.namespace ?? names[0] ?? "" } };
  });
}
