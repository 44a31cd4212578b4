/** Which kubeconfig an environment is deployed with. */
import { join } from "node:path";
import type { Environment } from "./environment";

/** Folder of one running sandbox, below the project; `FLEETWRIGHT_INSTANCE` names another than `default`. */
export function instanceFolder(): string {
  return join(".fleetwright", process.env.FLEETWRIGHT_INSTANCE || "default");
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
