/** `fleetwright env`: what plain Pulumi needs, as lines for the shell. */
import { Argument, Command } from "commander";
import { exportLines } from "../lifecycle/engine-environment";
import { prepareEngine } from "../lifecycle/engine-preparation";
import { loadEnvironment } from "../stacks/environment";
import { projectRoot } from "../stacks/project";
import { environmentOption } from "./environment-option";
import { type Format, printDocument } from "./output";

export function envCommand(): Command {
  return new Command("env")
    .summary("what plain pulumi needs, as shell lines")
    .description(
      'Prints the variables that make plain pulumi commands work on an environment, guarded by the policy pack:\n\n  eval "$(fleetwright env dev)"\n  pulumi preview',
    )
    .addArgument(new Argument("[environment]", "short for --environment"))
    .addOption(environmentOption())
    .option(
      "--stack <name>",
      "Pulumi stack, where a stack holds one cluster of the environment (default: the environment)",
    )
    .action(async (name: string | undefined, options: { environment: string; stack?: string; output: Format }) => {
      const environment = loadEnvironment(name ?? options.environment);
      const root = projectRoot();
      const { stack = environment.name } = options;
      const { cured, variables } = await prepareEngine(environment, { root, stack });
      if (cured) process.stderr.write(`fleetwright: ${cured}\n`);
      if (options.output === "table") process.stdout.write(`${exportLines(variables).join("\n")}\n`);
      else printDocument("EngineEnvironment", { variables: Object.fromEntries(variables) }, options.output);
    });
}
