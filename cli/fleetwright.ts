/** The command `fleetwright`: one file per verb; here they are only put together. */
import { Command, Option } from "commander";

/** By the word for it, in the order of the help. Each loads what it needs, which for most is more than they do. */
const VERBS: ReadonlyMap<string, () => Command> = new Map([
  ["doctor", () => (require("./doctor") as typeof import("./doctor")).doctorCommand()],
  ["env", () => (require("./env") as typeof import("./env")).envCommand()],
  ["render", () => (require("./render") as typeof import("./render")).renderCommand()],
  ["preview", () => (require("./preview") as typeof import("./preview")).previewCommand()],
  ["policy", () => (require("./policy") as typeof import("./policy")).policyCommand()],
  ["explain", () => (require("./explain") as typeof import("./explain")).explainCommand()],
  ["drill", () => (require("./drill") as typeof import("./drill")).drillCommand()],
  ["credentials", () => (require("./credentials") as typeof import("./credentials")).credentialsCommand()],
  ["sandbox", () => (require("./sandbox") as typeof import("./sandbox")).sandboxCommand()],
]);

/**
 * The command, ready to parse. Usage errors are thrown.
 *
 * @param word the first that was said: of a verb, that one alone is loaded. @default every verb, as for the help
 */
export function fleetwright(word?: string): Command {
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

  const asked = VERBS.get(word ?? "");
  for (const load of asked ? [asked] : VERBS.values()) program.addCommand(load());
  // a task of whoever maintains the image lock, and no verb of those who operate a platform
  if (!asked) program.addCommand((require("./images") as typeof import("./images")).imagesCommand(), { hidden: true });
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
