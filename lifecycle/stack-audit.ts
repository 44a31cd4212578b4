/** Judges the state of a stack: `pulumi policy analyze` runs the pack on what was deployed last, without program and cluster. */
import { execa } from "execa";
import type { Environment } from "../stacks/environment";
import { engineEnvironment, processEnvironment } from "./engine-environment";

/** What the pack says of one resource of the state. */
export interface StateViolation {
  /** A rule's id; `rules` where nothing could be judged. */
  readonly id: string;
  readonly verdict: "deny" | "undetermined";
  /** Whether a deployment of the same would be refused. */
  readonly refuses: boolean;
  readonly resource: { readonly type: string; readonly name: string };
  /** Why, as a sentence. */
  readonly message: string;
}

export interface StackAudit {
  readonly stack: string;
  readonly violations: readonly StateViolation[];
}

/** A state that could not be judged: what the engine said. */
export class StackAuditError extends Error {
  override readonly name = "StackAuditError";
}

/** Events of the engine, as far as they are read here. */
interface EngineEvent {
  readonly policyEvent?: {
    readonly resourceUrn: string;
    readonly policyName: string;
    readonly message: string;
    readonly enforcementLevel: string;
  };
  readonly summaryEvent?: object;
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
  const events = run.stdout
    .split("\n")
    .flatMap((line): EngineEvent[] => (line.startsWith("{") ? [JSON.parse(line)] : []));
  const isEmpty = run.exitCode === 0 && events.length === 0;
  // exit code 1 is that of violations too; only an analysis that came to its end says so
  if (!isEmpty && !events.some(({ summaryEvent }) => summaryEvent)) {
    throw new StackAuditError(
      `stack ${stack}: its state could not be judged: ${run.stderr.trim() || run.stdout.trim()}`,
    );
  }
  return { stack, violations: events.flatMap(({ policyEvent }) => (policyEvent ? [violation(policyEvent)] : [])) };
}

function violation({
  resourceUrn,
  policyName,
  message,
  enforcementLevel,
}: NonNullable<EngineEvent["policyEvent"]>): StateViolation {
  const said = message.trim();
  const [, type = "", name = ""] = /::([^:$]+:[^:$]*:[^:$]+)::(.*)$/.exec(resourceUrn) ?? [];
  return {
    id: policyName,
    verdict: /^(\S+ )?undetermined: /.test(said) ? "undetermined" : "deny",
    refuses: enforcementLevel === "mandatory",
    resource: { type, name },
    message: said.replace(/^\S+( undetermined)?: /, ""),
  };
}
