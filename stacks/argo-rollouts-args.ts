/** From an environment to Argo Rollouts on one of its clusters. */
import type { ArgoRolloutsArgs } from "../components/argo-rollouts";
import type { Environment } from "./environment";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where it is off
 */
export function argoRolloutsArgs(
  { components, tenants }: Environment,
  name: string,
  image: (of: string) => string,
): ArgoRolloutsArgs | undefined {
  const { management, replicas } = components.argoRollouts;
  if (management === "off") return undefined;
  return {
    management: management === "external" ? { kind: "external" } : { kind: "managed", image: image("argo-rollouts") },
    tenantNamespaces: Object.values(tenants)
      .filter(({ clusters }) => clusters?.includes(name) ?? true)
      .flatMap(({ namespaces }) => Object.keys(namespaces)),
    replicas,
  };
}
