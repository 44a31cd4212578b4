/**
 * The check of the workers, and what is done about those that fail it.
 *
 * @see https://github.com/medik8s/node-healthcheck-operator/blob/main/docs/configuration.md
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** The template of a remediator: from it the operator makes one object for each lost node. */
export interface RemediationTemplate {
  /** `group/version`, as the remediator's own. */
  readonly apiVersion: string;
  /** Ends in `Template`. */
  readonly kind: string;
  /** DNS label. */
  readonly name: string;
  /** Where the template is, a DNS label. */
  readonly namespace: string;
}

/** One step of an escalation. */
export interface EscalationStep extends RemediationTemplate {
  /** Seconds until the next step begins, 60–86400. */
  readonly timeoutSeconds: number;
}

/** What is done about a lost node; the remediators are somebody else's. */
export type Remediation =
  | { readonly kind: "off" }
  | { readonly kind: "template"; readonly template: RemediationTemplate }
  /** One after the other, at least two, each of another kind. */
  | { readonly kind: "escalation"; readonly steps: readonly EscalationStep[] };

export interface CheckArgs {
  /** What is done about a lost node. */
  readonly remediation: Remediation;
  /** Workers that may be unhealthy at once: a whole number of 1 or more, or `1%`–`50%`. */
  readonly maxUnhealthy: string;
  /** Seconds for which a node must not be ready, 60–3600. */
  readonly unhealthySeconds: number;
}

/**
 * The check; none where nothing would be done.
 *
 * @throws Error naming the field, its value and the bound
 */
export function nodeHealthCheck({ maxUnhealthy, remediation, unhealthySeconds }: CheckArgs): KubeObject[] {
  const whose = "node-health-check";
  if (!/^([1-9][0-9]*|([1-9]|[1-4][0-9]|50)%)$/.test(maxUnhealthy)) {
    throw new Error(
      `${whose}: maxUnhealthy is "${maxUnhealthy}", must be a whole number of at least 1, or 1%–50%: when half of the nodes are lost it is not the nodes`,
    );
  }
  if (!Number.isInteger(unhealthySeconds) || unhealthySeconds < 60 || unhealthySeconds > 3600) {
    throw new Error(
      `${whose}: unhealthySeconds is ${unhealthySeconds}, must be a whole number of 60–3600: a restart of a kubelet is no loss`,
    );
  }
  if (remediation.kind === "off") return [];
  const duration = `${unhealthySeconds}s`;
  return [
    {
      apiVersion: "remediation.medik8s.io/v1alpha1",
      kind: "NodeHealthCheck",
      metadata: { name: "workers", labels: objectLabels(whose) },
      spec: {
        // managed control planes have no node; those of others are not to be rebooted by a program that runs on them
        selector: { matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" }] },
        maxUnhealthy,
        // once too many were lost at a time: for so long nothing new is remediated, until the rest has settled
        stormCooldownDuration: duration,
        unhealthyConditions: ["False", "Unknown"].map((status) => ({ type: "Ready", status, duration })),
        ...(remediation.kind === "template"
          ? { remediationTemplate: reference(whose, remediation.template) }
          : { escalatingRemediations: steps(whose, remediation.steps) }),
      },
    },
  ];
}

function steps(whose: string, escalation: readonly EscalationStep[]): object[] {
  const kinds = escalation.map(({ kind }) => kind);
  if (escalation.length < 2) {
    throw new Error(`${whose}: remediation.steps has ${escalation.length}, must be at least 2: for one, use template`);
  }
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) < index);
  if (twice) {
    throw new Error(`${whose}: remediation.steps has "${twice}" twice, must be a kind once: the operator refuses it`);
  }
  return escalation.map(({ timeoutSeconds, ...template }, index) => {
    if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 60 || timeoutSeconds > 86_400) {
      throw new Error(
        `${whose}: remediation.steps[${index}].timeoutSeconds is ${timeoutSeconds}, must be a whole number of 60–86400`,
      );
    }
    return { remediationTemplate: reference(whose, template), order: index, timeout: `${timeoutSeconds}s` };
  });
}

function reference(whose: string, { apiVersion, kind, name, namespace }: RemediationTemplate): object {
  if (!/^[^/]+\/[^/]+$/.test(apiVersion)) {
    throw new Error(`${whose}: remediation has apiVersion "${apiVersion}", must be group/version`);
  }
  if (!/^[A-Z]\w*Template$/.test(kind)) {
    throw new Error(
      `${whose}: remediation has kind "${kind}", must end in Template: the kind without it is that of the remediation`,
    );
  }
  return { apiVersion, kind, name, namespace };
}
