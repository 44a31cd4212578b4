/** The same objects on the same cluster, by the engine and by kubectl. */
import { BENCH, generatedObjects, OBJECTS_FILE } from "./generated-objects";
import type { BenchProject, EngineOptions, EngineRun } from "./project";
import type { Measured } from "./run";
import type { Schedule } from "./schedule";

export interface ComparisonArgs {
  readonly objects: number;
  /** How often a preview, and a diff, is measured; each beside the other. At least 1. */
  readonly repetitions: number;
  /** Also measures what costs long and says the same at every size: checkpoints, and previews without the pack. */
  readonly whole: boolean;
}

/** What one size came to. Nothing is averaged here. */
export interface Comparison {
  readonly objects: number;
  readonly upFast: EngineRun;
  readonly destroyFast: EngineRun;
  readonly previews: readonly EngineRun[];
  readonly apply: Measured;
  readonly diffs: readonly Measured[];
  readonly delete: Measured;
  /** Where the whole was asked for. */
  readonly previewsWithoutPack: readonly EngineRun[];
  readonly upSafe?: EngineRun;
  readonly destroySafe?: EngineRun;
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
  delete: [0.5, 0.012],
} as const;

type Work = keyof typeof COST;

const cost = (work: Work, objects: number) => COST[work][0] + COST[work][1] * objects;

/** What a comparison takes on two idle cores. */
export function expectedSeconds({ objects, repetitions, whole }: ComparisonArgs): number {
  const previews = repetitions * (whole ? 2 : 1);
  const once: Work[] = [
    "upFast",
    "destroyFast",
    "apply",
    "delete",
    ...(whole ? (["upSafe", "destroySafe"] as const) : []),
  ];
  return (
    once.reduce((sum, work) => sum + cost(work, objects), 0) +
    previews * cost("preview", objects) +
    repetitions * cost("diff", objects)
  );
}

const UP = ["up", "--yes", "--skip-preview"];
const PREVIEW = ["preview", "--expect-no-changes"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];
const FILE = `--filename=${OBJECTS_FILE}`;
/** Fields are owned by the manager that the objects name for the engine too. */
const SERVER_SIDE = ["--server-side", "--field-manager=fleetwright", FILE];

/** Measures one size; the cluster is as empty afterwards as before. */
export async function compare(project: BenchProject, schedule: Schedule, args: ComparisonArgs): Promise<Comparison> {
  const { objects, repetitions, whole } = args;
  project.write(OBJECTS_FILE, JSON.stringify({ apiVersion: "v1", kind: "List", items: generatedObjects(objects) }));
  const engine = (work: Work, words: readonly string[], how: string, options?: EngineOptions) =>
    schedule.step(
      `${objects} objects: pulumi ${words[0]}${how}`,
      cost(work, objects),
      () => project.pulumi(words, options),
      inSeconds,
    );
  const kubectl = (work: Work, verb: string, words: readonly string[]) =>
    schedule.step(
      `${objects} objects: kubectl ${verb}`,
      cost(work, objects),
      () => project.kubectl(BENCH, [verb, ...words]),
      inSeconds,
    );
  const fast = { withoutCheckpoints: true };

  const upFast = await engine("upFast", UP, ", no checkpoints", fast);
  const previews: EngineRun[] = [];
  const previewsWithoutPack: EngineRun[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    previews.push(await engine("preview", PREVIEW, ""));
    if (whole) previewsWithoutPack.push(await engine("preview", PREVIEW, ", no pack", { withoutPack: true }));
  }
  const destroyFast = await engine("destroyFast", DESTROY, ", no checkpoints", fast);
  const apply = await kubectl("apply", "apply", SERVER_SIDE);
  const diffs: Measured[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    diffs.push(await kubectl("diff", "diff", SERVER_SIDE));
  }
  const deleted = await kubectl("delete", "delete", [FILE]);
  const common = { objects, upFast, destroyFast, previews, apply, diffs, delete: deleted, previewsWithoutPack };
  if (!whole) return common;
  const upSafe = await engine("upSafe", UP, ", with checkpoints");
  const destroySafe = await engine("destroySafe", DESTROY, ", with checkpoints");
  return { ...common, upSafe, destroySafe };
}

const inSeconds = ({ seconds }: Measured) => `${seconds.toFixed(1)} s`;
