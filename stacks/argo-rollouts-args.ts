/** From an environment to Argo Rollouts on one of its clusters. */
import type { ArgoRolloutsArgs } from "../components/argo-rollouts";
import { canaryAnalysis } from "../components/slo/canary";
import type { Environment } from "./environment";
import { slosOn } from "./slo-args";
import { tenantsOn } from "./tenants";

/**
 * @param image reference of an image of the lock, by its name
 * @param prometheus whether the cluster has the platform's Prometheus, by which canaries are judged
 * @returns undefined where it is off
 */
export function argoRolloutsArgs(
  environment: Environment,
  name: string,
  image: (of: string) => string,
  prometheus: boolean,
): ArgoRolloutsArgs | undefined {
  const { management, replicas } = environment.components.argoRollouts;
  if (management === "off") return undefined;
  return {
    management: management === "external" ? { kind: "external" } : { kind: "managed", image: image("argo-rollouts") },
    tenantNamespaces: tenantsOn(environment, name).flatMap(({ namespaces }) => Object.keys(namespaces)),
    analyses: prometheus ? slosOn(environment, name).map(canaryAnalysis) : [],
    replicas,
  };
}
