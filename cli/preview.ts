/** `fleetwright preview`: what a change does to all stacks and clusters, for whoever decides on it. */
import { Command } from "commander";
import { projectStacks, StackSelectionError } from "../lifecycle/project-stacks";
import { projectRoot } from "../stacks/project";
import { CliError, type Format, printDocument } from "./output";
import { previewDestroy } from "./preview-destroy";

/** What every kind of preview takes. */
export interface PreviewOptions {
  /** Name or path. @default every environment of the project's stacks */
  readonly environment?: string;
  /** @default every stack of these environments */
  readonly stack: readonly string[];
  /** Whether the end of the stacks is meant, and not a change. */
  readonly destroy?: boolean;
  readonly output: Format;
}

export function previewCommand(): Command {
  return new Command("preview")
    .summary("what a change does to all stacks and clusters")
    .description("Previews every stack of the project.")
    .option(
      "-e, --environment <name>",
      "only stacks of this environment: a name or a path (default: all of the project)",
    )
    .option("--stack <name>", "only this Pulumi stack; may be repeated (default: all)", collect, [])
    .option("--destroy", "instead: what a destroy of these stacks deletes, in which order, what will hang and why")
    .action(async (options: PreviewOptions) => {
      const root = projectRoot();
      const stacks = known(() => projectStacks(root, { ...options, stacks: options.stack }));
      if (options.destroy) return previewDestroy(stacks, root, options.output);
      const rows = stacks.map(({ stack, clusters, environment }) => ({
        stack,
        environment: environment.name,
        clusters,
      }));
      if (options.output === "table") process.stdout.write(rows.map(({ stack }) => `${stack}\n`).join(""));
      else printDocument("Preview", { stacks: rows }, options.output);
    });
}

const collect = (one: string, before: readonly string[]) => [...before, one];

/** What a user can mend, as a sentence. */
function known<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StackSelectionError) throw new CliError("StackUnknown", error.message, 2);
    throw error;
  }
}
