/** `fleetwright env`: what plain Pulumi needs, as lines for the shell. */
import { Argument, Command } from "commander";
import { exportLines } from "../lifecycle/engine-environment";
import { prepareEngine } from "../lifecycle/engine-preparation";
import { loadEnvironment } from "../stacks/environment";
import { projectRoot } from "../stacks/project";
import { environmentOption } from "./environment-option";
import { CliError, type Format, printDocument } from "./output";
import { selectedStacks } from "./stack-selection";

interface EnvOptions {
  readonly environment: string;
  readonly stack?: string;
  readonly output: Format;
}

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
    .action(async (name: string | undefined, options: EnvOptions, command: Command) => {
      const isGiven = command.getOptionValueSource("environment") === "cli";
      const asked = oneEnvironment(name, isGiven ? options.environment : undefined) ?? options.environment;
      const environment = loadEnvironment(asked);
      const root = projectRoot();
      const { stack = environment.name } = options;
      // one of the environment's own name needs no file; of another, a typing error would make a stack that holds nothing
      if (stack !== environment.name) selectedStacks(root, { environment: asked, stack: [stack] });
      const { cured, variables } = await prepareEngine(environment, { root, stack });
      if (cured) process.stderr.write(`fleetwright: ${cured}\n`);
      if (options.output === "table") process.stdout.write(`${exportLines(variables).join("\n")}\n`);
      else printDocument("EngineEnvironment", { variables: Object.fromEntries(variables) }, options.output);
    });
}

/** @throws CliError when two are named */
function oneEnvironment(word: string | undefined, option: string | undefined): string | undefined {
  if (word === undefined || option === undefined || word === option) return word ?? option;
  throw new CliError(
    "UsageInvalid",
    `--environment is ${option}, must be ${word}, as the word after env is: name the environment once`,
    2,
  );
}
