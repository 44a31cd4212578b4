/** What stands between an environment's file and the engine: its variables, and in the sandbox the stack, the manifests and the secrets. */
import { ensureUpstream } from "../components/upstream";
import type { Environment } from "../stacks/environment";
import { prepareSandboxSecrets } from "./credentials";
import { engineEnvironment } from "./engine-environment";
import { cureInterruption } from "./interrupted-run";
import { ensureStack } from "./stack";

/** An engine that can be started. */
export interface PreparedEngine {
  readonly variables: ReadonlyMap<string, string>;
  /** What an earlier run left behind and was mended, as a sentence. */
  readonly cured?: string;
}

/**
 * Does what `fleetwright env` does before it prints the variables: whoever starts the engine with them does what a shell
 * does that evaluated it.
 *
 * @param place folder of Pulumi.yaml, and the stack
 * @throws ToolError when the pinned tools are not installed
 */
export async function prepareEngine(
  environment: Environment,
  { root, stack }: { readonly root: string; readonly stack: string },
): Promise<PreparedEngine> {
  const variables = engineEnvironment(environment, { root, stack });
  if (!environment.sandbox) return { variables };
  await ensureStack(variables, root, stack);
  await ensureUpstream();
  await prepareSandboxSecrets(environment, root);
  const cured = await cureInterruption(environment, { root, stack }, variables);
  return { variables, ...(cured === undefined ? {} : { cured }) };
}
