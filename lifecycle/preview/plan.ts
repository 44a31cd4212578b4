/** What the engine plans for a stack, also where its provider cannot preview an object and the engine stops at it. */
import { SandboxError } from "../../sandbox/sandbox-error";
import { engineEvents } from "../engine-events";
import { prepareEngine } from "../engine-preparation";
import { EngineRunError } from "../engine-run";
import type { ProjectStack } from "../project-stacks";
import { isObject } from "./object-name";
import { type PlannedResource, type PlannedRun, PlannedSteps } from "./steps";

export interface PlanArgs extends Pick<ProjectStack, "environment" | "stack"> {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  /** Is told what is being done. */
  readonly say: (text: string) => void;
  /** Ends the engine. */
  readonly signal?: AbortSignal;
}

export interface Plan {
  readonly run: PlannedRun;
  /** Where the engine did not come to an end by itself. */
  readonly error?: string;
}

/** Most runs of the engine for one plan; in each the program and the rules start anew. */
const MOST_RUNS = 3;

/**
 * Runs the engine. It stops at the first objects that its provider cannot preview, such as one of which somebody else owns
 * a field: then it is run again without them, so that the others are known. What they come to is as the run said that met
 * them.
 */
export async function plan(args: PlanArgs): Promise<Plan> {
  const { environment, root, stack } = args;
  const earlier: PlannedRun[] = [];
  let variables: ReadonlyMap<string, string>;
  try {
    ({ variables } = await prepareEngine(environment, { root, stack }));
  } catch (error) {
    return endedBy(error, new PlannedSteps().run);
  }
  for (;;) {
    const left = failedIn(earlier);
    const { error, run } = await planWithout(left, variables, args);
    const found = failedIn([run]).filter(({ urn }) => !left.some((one) => one.urn === urn));
    const runs = [...earlier, run];
    if (found.length === 0 || runs.length === MOST_RUNS) return { run: merged(runs), ...(error ? { error } : {}) };
    earlier.push(run);
  }
}

const failedIn = (runs: readonly PlannedRun[]): PlannedResource[] =>
  runs.flatMap(({ resources }) => resources.filter((resource) => resource.failed && isObject(resource)));

async function planWithout(
  left: readonly PlannedResource[],
  variables: ReadonlyMap<string, string>,
  { root, say, signal }: PlanArgs,
): Promise<Plan> {
  const steps = new PlannedSteps();
  const words = ["preview", ...left.map(({ urn }) => `--exclude=${urn}`)];
  // what does not exist yet can be left out only with all that needs it
  if (left.some(({ operation }) => operation === "create")) words.push("--exclude-dependents");
  try {
    for await (const event of engineEvents({ root, variables, words, ...(signal ? { signal } : {}) })) {
      steps.take(event);
      say(`${steps.count} objects`);
    }
    return { run: steps.run };
  } catch (error) {
    return endedBy(error, steps.run);
  }
}

/** What a run came to that an error ended. @throws the error that is neither the engine's nor the sandbox's */
function endedBy(error: unknown, run: PlannedRun): Plan {
  // a refusal ends the engine with an error too, and is no failure to preview
  if (error instanceof EngineRunError) return hasEnded(run) ? { run } : { run, error: error.message };
  if (error instanceof SandboxError) return { run, error: error.message };
  throw error;
}

const hasEnded = ({ diagnostics, ended, findings }: PlannedRun) =>
  ended &&
  (findings.some(({ enforcementLevel }) => enforcementLevel === "mandatory") ||
    diagnostics.some(({ severity, urn }) => severity === "error" && urn));

/** The last run, with what those before it stopped at, and with all that any of them was told. */
export function merged(runs: readonly PlannedRun[]): PlannedRun {
  const last = runs.at(-1);
  if (!last) throw new Error("a plan has one run at least");
  const stopped = failedIn(runs);
  const byUrn = new Map([...last.resources, ...stopped].map((resource) => [resource.urn, resource]));
  return {
    resources: [...byUrn.values()],
    findings: once(runs.flatMap(({ findings }) => findings)),
    diagnostics: once(runs.flatMap(({ diagnostics }) => diagnostics)),
    ended: last.ended,
    judged: runs.some(({ judged }) => judged),
  };
}

const once = <T>(values: readonly T[]): T[] => [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
