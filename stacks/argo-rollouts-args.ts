/** From an environment to Argo Rollouts on one of its clusters. */
import type { ArgoRolloutsArgs } from "../components/argo-rollouts";
import { canaryAnalysis } from "../components/slo/canary";
import type { Environment } from "./environment";
import { slosOn } from "./slo-args";
import { tenantsOn } from "./tenants";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where it is off
 */
export function argoRolloutsArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
): ArgoRolloutsArgs | undefined {
  const { argoRollouts, prometheus } = environment.components;
  const { management, replicas } = argoRollouts;
  if (management === "off") return undefined;
  return {
    management: management === "external" ? { kind: "external" } : { kind: "managed", image: image("argo-rollouts") },
    tenantNamespaces: tenantsOn(environment, name).flatMap(({ namespaces }) => Object.keys(namespaces)),
    // what judges them is asked of the platform's Prometheus
    analyses: prometheus.management === "managed" ? slosOn(environment, name).map(canaryAnalysis) : [],
    replicas,
  };
}
