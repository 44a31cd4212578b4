/** Runs the command `fleetwright`: whatever goes wrong becomes a sentence or a document, and an exit code. */
import "../stacks/deferred-modules";
import { CommanderError } from "commander";
import { OwnComponentError } from "../components/own-component";
import { OwnRulesError } from "../policies/own-rules";
import { SandboxError } from "../sandbox/sandbox-error";
import { ToolError } from "../sandbox/toolchain/tool-error";
import { EnvironmentError } from "../stacks/environment";
import { ProjectError } from "../stacks/project";
import { RenderError } from "../stacks/render";
import { fleetwright } from "./fleetwright";
import { CliError, type Format, printError } from "./output";

/** Read from the words themselves, because an error may come before the options are parsed. */
function formatOf(words: readonly string[]): Format {
  const output = words[words.findIndex((word) => word === "-o" || word === "--output") + 1];
  if (words.includes("--json") || words.includes("--output=json") || output === "json") return "json";
  return words.includes("--output=yaml") || output === "yaml" ? "yaml" : "table";
}

function asCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof EnvironmentError) return new CliError("EnvironmentInvalid", error.message, 2, error.faults);
  if (error instanceof OwnComponentError) return new CliError("ComponentInvalid", error.message, 2);
  if (error instanceof OwnRulesError) return new CliError("RuleInvalid", error.message, 2);
  if (error instanceof ProjectError) return new CliError("ProjectMissing", error.message, 2);
  if (error instanceof RenderError) return new CliError("FolderNotEmpty", error.message, 2);
  if (error instanceof ToolError) return new CliError("ToolsNotReady", error.message, 4);
  if (error instanceof SandboxError) return new CliError("SandboxNotReady", error.message, 4);
  return undefined;
}

// whoever reads only the beginning closes the pipe: that is no fault, and the exit code is what was found until then
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

fleetwright(process.argv[2])
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      // `--help` and `--version` end here too, with 0; commander has said its sentence on stderr, machines get theirs
      const format = formatOf(process.argv.slice(2));
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (process.exitCode === 2 && format !== "table") {
        printError(new CliError("UsageInvalid", error.message.replace(/^error: /, ""), 2), format);
      }
      return;
    }
    const known = asCliError(error);
    if (known) {
      printError(known, formatOf(process.argv.slice(2)));
      process.exitCode = known.exitCode;
      return;
    }
    // a plain Error is a sentence of a component about its arguments; every other kind is a bug, and its place helps
    const isSentence = error instanceof Error && error.constructor === Error;
    const said = isSentence ? error.message : `internal error: ${error instanceof Error ? error.stack : String(error)}`;
    process.stderr.write(`fleetwright: ${said}\n`);
    process.exitCode = 1;
  });
