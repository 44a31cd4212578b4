/**
 * The variables that make plain `pulumi` do for an environment exactly what `make up` does: the pinned engine, the
 * state, the secrets' passphrase, the clusters, and the policy pack with this environment's parameters.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../components/package-root";
import { packConfiguration } from "../policies/pack/policy";
import { binDir, pulumiHome } from "../sandbox/toolchain/tools";
import type { Environment } from "../stacks/environment";
import { instanceFolder, kubeconfigOf } from "../stacks/kubeconfig";
import { policyParameters } from "../stacks/policy-parameters";

export interface EngineEnvironmentOptions {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  /** Pulumi stack. @default the environment's name: one stack for the whole of it */
  readonly stack?: string;
}

/**
 * Variables to set, in the order in which they are printed; writes the policy parameters that one of them names.
 *
 * In the sandbox the state lies beside the clusters. Elsewhere the backend and its secrets are the team's own and stay
 * as they are.
 *
 * @throws ToolError when the pinned tools are not installed
 */
export function engineEnvironment(
  environment: Environment,
  { root, stack = environment.name }: EngineEnvironmentOptions,
): ReadonlyMap<string, string> {
  const kubeconfig = kubeconfigOf(environment);
  const variables = new Map([
    ["PATH", `${binDir()}:${process.env.PATH ?? ""}`],
    ["PULUMI_HOME", pulumiHome()],
    ["PULUMI_STACK", stack],
    ["PULUMI_SKIP_UPDATE_CHECK", "true"],
    // plugins are pinned and laid out by the toolchain; the engine must not look for others
    ["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true"],
    ["PULUMI_DISABLE_REGISTRY_RESOLVE", "true"],
    ["PULUMI_OPTION_POLICY_PACK", join(packageRoot(), "policies", "policy-pack")],
    ["PULUMI_OPTION_POLICY_PACK_CONFIG", writePackConfiguration(environment, root)],
    // most of a run is waiting: for API servers, and definitions for one another (definitions-gate.ts), some 85 of each cluster
    ["PULUMI_PARALLEL", "300"],
    // engine and providers hold the state several times over and make garbage of it: a tenth less time for a third more memory
    ["GOGC", "300"],
    ["PULUMI_PARALLEL_DIFF", "true"],
    // Node 22 and newer keep compiled modules here; older ones ignore it
    ["NODE_COMPILE_CACHE", join(root, ".fleetwright", "compile-cache")],
  ]);
  if (environment.sandbox) {
    const folder = join(root, instanceFolder());
    variables.set("KUBECONFIG", join(root, kubeconfig));
    variables.set("FLEETWRIGHT_INSTANCE", process.env.FLEETWRIGHT_INSTANCE || "default");
    // written as one file: a kill between the state and a file that describes it would leave a state that cannot be read
    variables.set("PULUMI_BACKEND_URL", `${pathToFileURL(join(folder, "state")).href}?metadata=skip`);
    variables.set("PULUMI_CONFIG_PASSPHRASE_FILE", join(packageRoot(), "sandbox", "passphrase"));
    // the state is saved at the end of a run, not whole at each of its steps: what a killed run made is found in the
    // clusters (interrupted-run.ts). Three times as fast, and only here, where whoever evaluates this can be asked to again
    variables.set("PULUMI_SKIP_CHECKPOINTS", "true");
    variables.set("PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS", "true");
    mkdirSync(join(folder, "state"), { recursive: true });
  }
  return variables;
}

/** A passphrase of the user's own would win over the file that {@link engineEnvironment} names. */
const OVERRULED = "PULUMI_CONFIG_PASSPHRASE";

/** The environment of a process that is to find what the variables say. */
export function processEnvironment(variables: ReadonlyMap<string, string>): NodeJS.ProcessEnv {
  const { [OVERRULED]: passphrase, ...inherited } = process.env;
  const kept = variables.has(`${OVERRULED}_FILE`) ? {} : { [OVERRULED]: passphrase };
  return { ...inherited, ...kept, ...Object.fromEntries(variables) };
}

/** The lines that a shell evaluates. */
export function exportLines(variables: ReadonlyMap<string, string>): string[] {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  const exports = [...variables].map(([name, value]) =>
    name === "PATH"
      ? `export PATH=${quoted(value.slice(0, value.indexOf(":")))}:"$PATH"`
      : `export ${name}=${quoted(value)}`,
  );
  return variables.has(`${OVERRULED}_FILE`) ? [...exports, `unset ${OVERRULED}`] : exports;
}

function writePackConfiguration(environment: Environment, root: string): string {
  const file = join(root, ".fleetwright", "policy", `${environment.name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(packConfiguration(policyParameters(environment)), null, 2)}\n`);
  return file;
}
