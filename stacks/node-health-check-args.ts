/** From an environment to the node health checks of its clusters. */
import { PLATFORM_ISSUER } from "../components/cert-manager/issuers";
import type { NodeHealthCheckArgs } from "../components/node-health-check";
import type { EscalationStep, Remediation } from "../components/node-health-check/check";
import type { Environment } from "./environment";
import type { sandboxPrograms } from "./environment-schema";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where nobody looks after nodes
 */
export function nodeHealthCheckArgs(
  { components, sandbox }: Environment,
  image: (of: string) => string,
): NodeHealthCheckArgs | undefined {
  const { management, remediation, ...settings } = components.nodeHealthCheck;
  if (management === "off") return undefined;
  const isOff = (program: (typeof sandboxPrograms)[number]) => sandbox?.withoutController.includes(program) ?? false;
  return {
    ...settings,
    remediation: remediationOf(remediation),
    management:
      management === "managed" ? { kind: "managed", image: image("node-healthcheck-operator") } : { kind: "external" },
    issuer: { name: PLATFORM_ISSUER, awaited: !isOff("cert-manager") },
    withoutController: isOff("node-health-check"),
  };
}

function remediationOf(steps: readonly EscalationStep[]): Remediation {
  const [first, ...further] = steps;
  if (first === undefined) return { kind: "off" };
  return further.length === 0 ? { kind: "template", template: first } : { kind: "escalation", steps };
}
