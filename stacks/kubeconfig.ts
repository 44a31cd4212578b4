/** Which kubeconfig an environment is deployed with. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "./environment";

/** Name of the running sandbox: `FLEETWRIGHT_INSTANCE`. @default default */
export function instanceName(): string {
  return process.env.FLEETWRIGHT_INSTANCE || "default";
}

/** Folder of the running sandbox, below the project. */
export function instanceFolder(): string {
  return join(".fleetwright", instanceName());
}

/**
 * Path of the kubeconfig: the environment's own, else the sandbox's for a sandbox environment, else `$KUBECONFIG`, else
 * `~/.kube/config` as kubectl has it. Relative paths start at the project, and stay relative in the state, so that
 * checkouts in different places do not differ.
 */
export function kubeconfigOf(environment: Pick<Environment, "kubeconfig" | "sandbox">): string {
  if (environment.kubeconfig) return environment.kubeconfig;
  if (environment.sandbox) return join(instanceFolder(), "kubeconfig");
  return process.env.KUBECONFIG || "~/.kube/config";
}

/** The same as an absolute path. */
export function kubeconfigPath(environment: Pick<Environment, "kubeconfig" | "sandbox">, root: string): string {
  return resolve(root, kubeconfigOf(environment).replace(/^~(?=\/)/, homedir()));
}
