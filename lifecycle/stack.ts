/** The Pulumi stack of a sandbox environment: made where it does not exist yet. */
import { execa } from "execa";
import { processEnvironment } from "./engine-environment";
import { stackExists } from "./engine-state";

/** Makes the stack in the sandbox's own state, unless it is there. */
export async function ensureStack(variables: ReadonlyMap<string, string>, root: string, stack: string): Promise<void> {
  if (stackExists({ root, stack })) return;
  const { PULUMI_STACK: _, ...env } = processEnvironment(variables); // it names a stack that does not exist yet
  await execa("pulumi", ["stack", "init", stack, "--no-select"], { cwd: root, env, extendEnv: false });
}
