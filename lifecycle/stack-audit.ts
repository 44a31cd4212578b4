/** Judges the state of a stack: `pulumi policy analyze` runs the pack on what was deployed last, without program and cluster. */
import { execa } from "execa";
import type { Environment } from "../stacks/environment";
import { engineEnvironment, processEnvironment } from "./engine-environment";
import { type PolicyEvent, parseEvent } from "./engine-event";
import { type PolicyFinding, policyFinding } from "./policy-finding";

/** What the pack says of one resource of the state. */
export interface StateViolation extends PolicyFinding {
  readonly resource: { readonly type: string; readonly name: string };
}

export interface StackAudit {
  readonly stack: string;
  readonly violations: readonly StateViolation[];
}

/** A state that could not be judged: what the engine said. */
export class StackAuditError extends Error {
  override readonly name = "StackAuditError";
}

/**
 * @param place folder of Pulumi.yaml, and the stack
 * @throws ToolError when the pinned tools are not installed
 * @throws StackAuditError when there is no such stack, or its secrets cannot be read
 */
export async function auditStack(
  environment: Environment,
  { root, stack }: { readonly root: string; readonly stack: string },
): Promise<StackAudit> {
  const variables = engineEnvironment(environment, { root, stack });
  // the pack and its configuration are named by the variables, as for every run of the engine
  const words = ["policy", "analyze", "--json", `--stack=${stack}`];
  const run = await execa("pulumi", words, {
    cwd: root,
    env: processEnvironment(variables),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  const events = run.stdout.split("\n").flatMap((line) => parseEvent(line) ?? []);
  const isEmpty = run.exitCode === 0 && events.length === 0;
  // exit code 1 is that of violations too; only an analysis that came to its end says so
  if (!isEmpty && !events.some(({ summaryEvent }) => summaryEvent)) {
    throw new StackAuditError(
      `stack ${stack}: its state could not be judged: ${run.stderr.trim() || run.stdout.trim()}`,
    );
  }
  return { stack, violations: events.flatMap(({ policyEvent }) => (policyEvent ? [violation(policyEvent)] : [])) };
}

function violation(event: PolicyEvent): StateViolation {
  const [, type = "", name = ""] = /::([^:$]+:[^:$]*:[^:$]+)::(.*)$/.exec(event.resourceUrn ?? "") ?? [];
  return { ...policyFinding(event), resource: { type, name } };
}
