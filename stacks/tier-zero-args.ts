/** From an environment to what holds while Gatekeeper is down. */
import { CERT_MANAGER_NAMESPACE } from "../components/cert-manager";
import { EXEMPT_NAMESPACES } from "../components/gatekeeper";
import type { TierZeroArgs } from "../components/tier-zero";
import { tierZeroRules } from "../policies/tier-zero";
import type { Environment } from "./environment";
import { levelOf } from "./policy-parameters";

export function tierZeroArgs(environment: Environment): TierZeroArgs {
  const { certManager, gatekeeper } = environment.components;
  return {
    policies: tierZeroRules().flatMap((rule) => {
      const level = levelOf(environment, rule);
      return level === "off" ? [] : rule.policies.map((policy) => ({ ...policy, title: rule.title, level }));
    }),
    administrators: environment.policy.administrators,
    exemptNamespaces: [...EXEMPT_NAMESPACES, ...gatekeeper.exemptNamespaces],
    // somebody else's cert-manager writes the CA into webhooks, by an account of whatever name
    ...(certManager.management === "managed"
      ? {}
      : { otherWebhookWriters: { users: [], groups: [`system:serviceaccounts:${CERT_MANAGER_NAMESPACE}`] } }),
  };
}
