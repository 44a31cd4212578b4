/** `docs/reference/command.md`: what each verb says of itself. */
import type { Command } from "commander";
import { fleetwright } from "../../cli/fleetwright";

/** Columns of a terminal; commander breaks lines there. */
const WIDTH = 100;

export function commandPage(): string {
  return [
    "# Command",
    "",
    "`fleetwright` prepares, checks and explains; plain `pulumi` does the work. In this repository the command is `bin/fleetwright`, in a",
    "team's own `npx fleetwright`. Documents and exit codes are described in [documents.md](documents.md).",
    "",
    "`npm run reference` makes this page from the `--help` of the command itself.",
    "",
    ...helpOf(fleetwright()).flatMap(({ verb, help }) => [`## ${verb}`, "", "```text", help, "```", ""]),
  ].join("\n");
}

interface Help {
  readonly verb: string;
  readonly help: string;
}

function helpOf(command: Command, above = ""): Help[] {
  const verb = `${above}${command.name()}`;
  let help = "";
  command
    .configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => WIDTH, getOutHasColors: () => false })
    .outputHelp();
  const lines = help.split("\n").map((line) => line.trimEnd());
  // the hidden ones are tasks of whoever maintains this repository
  const shown = command
    .createHelp()
    .visibleCommands(command)
    .filter((below) => below.name() !== "help");
  return [{ verb, help: lines.join("\n").trim() }, ...shown.flatMap((below) => helpOf(below, `${verb} `))];
}
