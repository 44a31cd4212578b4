/** The same objects on the same cluster, by the engine and by kubectl. */
import { BENCH, generatedObjects, OBJECTS_FILE } from "./generated-objects";
import type { BenchProject, EngineOptions, EngineRun } from "./project";
import type { Measured } from "./run";
import type { Schedule } from "./schedule";

export interface ComparisonArgs {
  readonly objects: number;
  /** How often a preview is measured, and a diff right after it. At least 1. */
  readonly repetitions: number;
  /** Also measures what costs long and says the same at every size: checkpoints, previews without the pack, and `kubectl delete`. */
  readonly whole: boolean;
}

/** What one size came to. Nothing is averaged here. */
export interface Comparison {
  readonly objects: number;
  readonly upFast: EngineRun;
  readonly destroyFast: Measured;
  readonly previews: readonly EngineRun[];
  readonly applies: readonly Measured[];
  readonly diffs: readonly Measured[];
  /** Where the whole was asked for. */
  readonly previewsWithoutPack: readonly EngineRun[];
  readonly deleted?: Measured;
  readonly upSafe?: EngineRun;
  readonly destroySafe?: Measured;
}

/** Seconds on two idle cores: what each run takes whatever it does, and per object. */
const COST = {
  upFast: [4, 0.018],
  upSafe: [4, 0.1],
  preview: [3, 0.005],
  destroyFast: [2, 0.03],
  destroySafe: [2, 0.09],
  apply: [0.5, 0.006],
  diff: [0.5, 0.005],
  delete: [0.5, 0.2],
  clear: [6, 0.005],
} as const;

type Work = keyof typeof COST;

const cost = (work: Work, objects: number) => COST[work][0] + COST[work][1] * objects;

/** What a comparison takes on two idle cores. */
export function expectedSeconds({ objects, repetitions, whole }: ComparisonArgs): number {
  const rounds: Work[] = ["apply", "clear", "upFast", "destroyFast", "apply", "clear"];
  const looks: Work[] = ["preview", "diff"];
  const total = (works: readonly Work[]) => works.reduce((sum, work) => sum + cost(work, objects), 0);
  const wholes = whole ? total(["upSafe", "destroySafe", "apply", "delete"]) + repetitions * total(["preview"]) : 0;
  return total(rounds) + repetitions * total(looks) + wholes;
}

const UP = ["up", "--yes", "--skip-preview"];
const PREVIEW = ["preview", "--expect-no-changes"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];
const FILE = `--filename=${OBJECTS_FILE}`;
/** Fields are owned by the manager that the objects name for the engine too, so that either side knows the other's. */
const SERVER_SIDE = ["--server-side", "--field-manager=fleetwright", FILE];
/** Neither side waits for Deployments to be gone; what comes next must. */
const UNTIL_GONE = [
  "wait",
  "deployments,configmaps",
  "--for=delete",
  `--namespace=${BENCH}`,
  "--selector=app.kubernetes.io/managed-by=fleetwright",
  "--timeout=600s",
];
const SAFE = { withCheckpoints: true };

/** Measures one size, kubectl before and after the engine; the cluster is as empty afterwards as before. */
export async function compare(project: BenchProject, schedule: Schedule, args: ComparisonArgs): Promise<Comparison> {
  const { objects, repetitions, whole } = args;
  project.write(OBJECTS_FILE, JSON.stringify({ apiVersion: "v1", kind: "List", items: generatedObjects(objects) }));
  const step = <T extends Measured>(work: Work, name: string, run: () => Promise<T>) =>
    schedule.step(`${objects} objects: ${name}`, cost(work, objects), run, ({ seconds }) => `${seconds.toFixed(1)} s`);
  const kubectl = (verb: "apply" | "diff", words = SERVER_SIDE) =>
    step(verb, `kubectl ${verb}`, () => project.kubectl(BENCH, [verb, ...words]));
  const gone = async (run: Promise<Measured>) => {
    const [{ seconds, ...rest }, waited] = [await run, await project.kubectl(BENCH, UNTIL_GONE)];
    return { ...rest, seconds: seconds + waited.seconds };
  };
  const destroy = (work: Work, how: string, options: EngineOptions) =>
    step(work, `pulumi destroy, ${how}`, () => gone(project.pulumi(DESTROY, options)));
  const applies: Measured[] = [];
  // deletes what `kubectl delete --filename` takes a fifth of a second each for
  const clear = () => step("clear", "the namespace is emptied", () => emptied(project));

  applies.push(await kubectl("apply"));
  await clear();
  const upFast = await step("upFast", "pulumi up, no checkpoints", () => project.pulumi(UP));
  const previews: EngineRun[] = [];
  const previewsWithoutPack: EngineRun[] = [];
  const diffs: Measured[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    previews.push(await step("preview", "pulumi preview", () => project.pulumi(PREVIEW)));
    diffs.push(await kubectl("diff"));
    if (!whole) continue;
    const run = () => project.pulumi(PREVIEW, { withoutPack: true });
    previewsWithoutPack.push(await step("preview", "pulumi preview, no pack", run));
  }
  const destroyFast = await destroy("destroyFast", "no checkpoints", {});
  applies.push(await kubectl("apply"));
  const common = { objects, upFast, destroyFast, previews, applies, diffs, previewsWithoutPack };
  if (!whole) {
    await clear();
    return common;
  }
  const deleted = await step("delete", "kubectl delete", () => gone(project.kubectl(BENCH, ["delete", FILE])));
  const upSafe = await step("upSafe", "pulumi up, with checkpoints", () => project.pulumi(UP, SAFE));
  const destroySafe = await destroy("destroySafe", "with checkpoints", SAFE);
  applies.push(await kubectl("apply"));
  await clear();
  return { ...common, deleted, upSafe, destroySafe };
}

/** Makes the bench's namespace anew. */
async function emptied(project: BenchProject): Promise<Measured> {
  const removed = await project.kubectl(BENCH, ["delete", "namespace", BENCH]);
  await project.kubectl(BENCH, ["create", "namespace", BENCH]);
  return removed;
}
