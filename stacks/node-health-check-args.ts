/** From an environment to the node health checks of its clusters. */
import type { NodeHealthCheckArgs } from "../components/node-health-check";
import type { EscalationStep, Remediation } from "../components/node-health-check/check";
import type { Environment } from "./environment";
import { isWithoutController, platformIssuer } from "./sandbox-controllers";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where nobody looks after nodes
 */
export function nodeHealthCheckArgs(
  environment: Environment,
  image: (of: string) => string,
): NodeHealthCheckArgs | undefined {
  const { management, remediation, ...settings } = environment.components.nodeHealthCheck;
  if (management === "off") return undefined;
  return {
    ...settings,
    remediation: remediationOf(remediation),
    management:
      management === "managed" ? { kind: "managed", image: image("node-healthcheck-operator") } : { kind: "external" },
    issuer: platformIssuer(environment),
    withoutController: isWithoutController(environment, "node-health-check"),
  };
}

function remediationOf(steps: readonly EscalationStep[]): Remediation {
  const [first, ...further] = steps;
  if (first === undefined) return { kind: "off" };
  return further.length === 0 ? { kind: "template", template: first } : { kind: "escalation", steps };
}
