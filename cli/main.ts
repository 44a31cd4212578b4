/** Runs the command `fleetwright`: whatever goes wrong becomes a sentence or a document, and an exit code. */
import "../stacks/deferred-modules";
import { CommanderError } from "commander";
import { fleetwright } from "./fleetwright";
import { asCliError, lastWords } from "./known-error";
import { CliError, formatOf, printError } from "./output";

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
    process.stderr.write(`fleetwright: ${lastWords(error)}\n`);
    process.exitCode = 1;
  });
