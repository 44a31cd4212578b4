/** `fleetwright preview --destroy`: what a destroy will do, what will hang, and the commands in their safe order. */
import { ClusterMistaken, type DestroyPlan, exitCodeOf, planDestroy } from "../lifecycle/destroy-plan";
import { StateUnreadable } from "../lifecycle/destroy-plan/stack-state";
import { destroyPlanText } from "../lifecycle/destroy-plan/text";
import type { ProjectStack } from "../lifecycle/project-stacks";
import { CliError, type Format, printDocument } from "./output";

/** Plans the end of each of these stacks, prints it, and sets the exit code. */
export async function previewDestroy(stacks: readonly ProjectStack[], root: string, output: Format): Promise<void> {
  const plans: DestroyPlan[] = [];
  for (const stack of stacks) plans.push(await known(planDestroy(stack, root)));
  if (output === "table") process.stdout.write(plans.map(destroyPlanText).join("\n"));
  else printDocument("DestroyPlan", { stacks: plans, summary: total(plans) }, output);
  process.exitCode = exitCodeOf(plans);
}

/** What a user can mend, as a sentence. */
async function known<T>(plan: Promise<T>): Promise<T> {
  try {
    return await plan;
  } catch (error) {
    if (error instanceof ClusterMistaken) throw new CliError("ClusterMistaken", error.message, 2);
    if (error instanceof StateUnreadable) throw new CliError("StackNotReady", error.message, 4);
    throw error;
  }
}

function total(plans: readonly DestroyPlan[]): DestroyPlan["summary"] {
  const sum = (of: (summary: DestroyPlan["summary"]) => number) =>
    plans.reduce((all, { summary }) => all + of(summary), 0);
  return {
    objects: sum(({ objects }) => objects),
    waves: Math.max(0, ...plans.map(({ summary }) => summary.waves)),
    hangs: sum(({ hangs }) => hangs),
    unknown: sum(({ unknown }) => unknown),
    slow: sum(({ slow }) => slow),
    lost: sum(({ lost }) => lost),
    left: sum(({ left }) => left),
  };
}
