/** The stacks that a verb is asked about, by their names. */
import { type ProjectStack, projectStacks, StackSelectionError } from "../lifecycle/project-stacks";
import { CliError } from "./output";

/** The stacks that were asked for. @throws CliError when there is no such stack */
export function selectedStacks(
  root: string,
  { environment, stack }: { readonly environment?: string; readonly stack: readonly string[] },
): ProjectStack[] {
  try {
    return projectStacks(root, { environment, stacks: stack });
  } catch (error) {
    if (error instanceof StackSelectionError) throw new CliError("StackUnknown", error.message, 2);
    throw error;
  }
}
