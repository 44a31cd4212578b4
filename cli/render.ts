/** `fleetwright render`: what would be applied, as files. */
import { Command } from "commander";
import { ensureUpstream } from "../components/upstream";
import { writeRendered } from "../stacks/render";
import { environmentOf, environmentOption } from "./environment-option";
import { type Format, printDocument } from "./output";

export function renderCommand(): Command {
  return new Command("render")
    .summary("what would be applied, as YAML files")
    .description(
      "Writes every object of an environment to DIR/<cluster>/<component>.yaml, in a stable order. Needs no engine and no cluster;\n" +
        "files of an earlier render that no longer apply are removed.\n\n  fleetwright render -e dev --out out && git diff --no-index before out",
    )
    .addOption(environmentOption())
    .requiredOption("--out <dir>", "folder to write to; it must be empty, absent, or written by an earlier render")
    .action(async (options: { environment: string; out: string; output: Format }) => {
      const environment = environmentOf(options);
      await ensureUpstream();
      const files = writeRendered(environment, options.out);
      if (options.output !== "table") {
        printDocument("Rendered", { environment: environment.name, files }, options.output);
        return;
      }
      const objects = files.reduce((sum, file) => sum + file.objects, 0);
      process.stdout.write(
        `${objects} objects of environment ${environment.name} in ${files.length} files below ${options.out}\n`,
      );
    });
}
