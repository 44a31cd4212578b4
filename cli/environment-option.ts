/** The option that every verb about an environment takes, and what it means. */
import { Option } from "commander";
import { type Environment, loadEnvironment } from "../stacks/environment";

/** `-e, --environment <name|path>`: `dev` is `environments/dev.yaml` of the project; a path is taken as it is. */
export function environmentOption(): Option {
  return new Option("-e, --environment <name>", "environment: a name (environments/<name>.yaml) or a path").default(
    "dev",
  );
}

/** The environment that was asked for. @throws EnvironmentError listing every fault of its file */
export function environmentOf({ environment }: { environment: string }): Environment {
  return loadEnvironment(environment);
}
