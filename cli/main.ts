/**
 * The command `fleetwright`: one file per verb; here they are only put together.
 */
import { Command, CommanderError, Option } from "commander";
import { SandboxError } from "../sandbox/sandbox-error";
import { ToolError } from "../sandbox/toolchain/tool-error";
import { EnvironmentError } from "../stacks/environment";
import { ProjectError } from "../stacks/project";
import { doctorCommand } from "./doctor";
import { envCommand } from "./env";
import { imagesCommand } from "./images";
import { CliError, type Format, printError } from "./output";
import { policyCommand } from "./policy";
import { renderCommand } from "./render";
import { sandboxCommand } from "./sandbox";

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

for (const verb of [doctorCommand(), envCommand(), renderCommand(), policyCommand(), sandboxCommand()]) {
  program.addCommand(verb);
}
// a task of whoever maintains the image lock, and no verb of those who operate a platform
program.addCommand(imagesCommand(), { hidden: true });
shared(program);

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

/** Read from the words themselves, because an error may come before the options are parsed. */
function formatOf(words: readonly string[]): Format {
  const output = words[words.findIndex((word) => word === "-o" || word === "--output") + 1];
  if (words.includes("--json") || words.includes("--output=json") || output === "json") return "json";
  return words.includes("--output=yaml") || output === "yaml" ? "yaml" : "table";
}

function asCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof EnvironmentError) return new CliError("EnvironmentInvalid", error.message, 2, error.faults);
  if (error instanceof ProjectError) return new CliError("ProjectMissing", error.message, 2);
  if (error instanceof ToolError) return new CliError("ToolsNotReady", error.message, 4);
  if (error instanceof SandboxError) return new CliError("SandboxNotReady", error.message, 4);
  return undefined;
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // commander has already printed the sentence; `--help` and `--version` end here too, with 0
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  const known = asCliError(error);
  if (known) {
    printError(known, formatOf(process.argv.slice(2)));
    process.exitCode = known.exitCode;
    return;
  }
  process.stderr.write(`fleetwright: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
