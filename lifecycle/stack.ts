/** The Pulumi stack of a sandbox environment: made where it does not exist yet. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { parse } from "yaml";
import { processEnvironment } from "./engine-environment";

/** Makes the stack in the sandbox's own state, unless it is there. */
export async function ensureStack(variables: ReadonlyMap<string, string>, root: string, stack: string): Promise<void> {
  const backend = variables.get("PULUMI_BACKEND_URL");
  const project = (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { name: string }).name;
  if (backend && existsSync(join(fileURLToPath(backend), ".pulumi", "stacks", project, `${stack}.json`))) return;
  const { PULUMI_STACK: _, ...env } = processEnvironment(variables); // it names a stack that does not exist yet
  await execa("pulumi", ["stack", "init", stack, "--no-select"], { cwd: root, env, extendEnv: false });
}
