/** From an environment to Argo Rollouts on one of its clusters. */
import type { ArgoRolloutsArgs } from "../components/argo-rollouts";
import { canaryAnalysis } from "../components/slo/canary";
import { namespacesOn } from "../components/tenant";
import type { Environment } from "./environment";
import { slosOn } from "./slo-args";
import { tenantsOf } from "./tenants";

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
    tenantNamespaces: tenantsOf(environment).flatMap((tenant) => namespacesOn(tenant, name)),
    // canaries are judged by what is promised of their service, where there is a Prometheus to ask
    analyses: prometheus.management === "managed" ? slosOn(environment, name).map(canaryAnalysis) : [],
    replicas,
  };
}
