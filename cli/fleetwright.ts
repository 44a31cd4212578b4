/** The command `fleetwright`: one file per verb; here they are only put together. */
import { Command, Option } from "commander";
import { credentialsCommand } from "./credentials";
import { doctorCommand } from "./doctor";
import { drillCommand } from "./drill";
import { envCommand } from "./env";
import { explainCommand } from "./explain";
import { imagesCommand } from "./images";
import { policyCommand } from "./policy";
import { previewCommand } from "./preview";
import { renderCommand } from "./render";
import { sandboxCommand } from "./sandbox";

/** The command with every verb, ready to parse. Usage errors are thrown. */
export function fleetwright(): Command {
  const program = new Command("fleetwright")
    .description(
      "Turns one typed description of an environment into a running multi-cluster Kubernetes platform.\n" +
        "`pulumi preview|up|destroy` do the work; this command prepares, checks and explains it.",
    )
    .addHelpText(
      "after",
      "\nFirst steps:\n" +
        "  make up                                the dev environment on three clusters of this machine\n" +
        '  eval "$(fleetwright env dev)"          then plain pulumi commands work as make up does\n' +
        "  fleetwright render -e dev --out out/   what would be applied, as YAML\n" +
        "\nExit codes: 0 done, 1 internal, 2 bad input, 3 refused, 4 not ready, 5 could not be known, 7 unexpected changes.",
    )
    .showHelpAfterError("(`--help` shows what there is)")
    .exitOverride();

  const verbs = [
    doctorCommand(),
    envCommand(),
    renderCommand(),
    previewCommand(),
    policyCommand(),
    explainCommand(),
    drillCommand(),
    credentialsCommand(),
    sandboxCommand(),
  ];
  for (const verb of verbs) program.addCommand(verb);
  // a task of whoever maintains the image lock, and no verb of those who operate a platform
  program.addCommand(imagesCommand(), { hidden: true });
  shared(program);
  return program;
}

/** What every verb takes alike, and that usage errors are thrown and not exited on. */
function shared(command: Command): void {
  command.exitOverride();
  if (command.commands.length === 0) {
    command.addOption(
      new Option("-o, --output <format>", "how to answer").choices(["table", "json", "yaml"]).default("table"),
    );
    command.addOption(new Option("--json", "short for -o json").implies({ output: "json" }));
  }
  for (const verb of command.commands) shared(verb);
}
