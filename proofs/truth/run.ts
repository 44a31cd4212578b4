/** One run of the truth test: each change previewed, done, and compared. */

import { stringify } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { type ObjectName, spelt } from "../../lifecycle/preview/report";
import { parseEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { Chance } from "../conformance/chance";
import { base, type Change, changed, combinations, corpus } from "./change";
import { type Account, type ChangeAccount, type Ending, judged } from "./comparison";
import type { DoneSteps } from "./done-steps";
import { type Told, TruthProject } from "./project";
import { reportOf, type TruthReport } from "./report";
import { type Sightings, seen } from "./witness";

export interface RunArgs {
  /** Decides the sample and the combinations. */
  readonly seed: number;
  /** How many changes of the corpus. @default all of it, and {@link COMBINATIONS} besides */
  readonly sample?: number | undefined;
  /** Runs one step and tells it. */
  readonly step: <T>(
    name: string,
    seconds: number,
    work: () => Promise<T>,
    outcome: (result: T) => string,
  ) => Promise<T>;
}

/** Changes that are put together of others. */
const COMBINATIONS = 5;

/** Seconds on an idle machine of two cores. */
const SECONDS = { start: 60, change: 15 };

/** @throws Error when something else fails than what a change is expected to */
export async function run({ sample, seed, step }: RunArgs): Promise<TruthReport> {
  await ensureUpstream();
  const began = Date.now();
  const all = corpus();
  const changes =
    sample === undefined
      ? [...all, ...combinations(all, seed, COMBINATIONS)]
      : new Chance(`${seed} sample`).some(all, sample);
  const project = new TruthProject();
  const interrupted = () => {
    void project.dispose().finally(() => process.exit(130));
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  try {
    await step(
      "one cluster with the base on it",
      SECONDS.start,
      () => begin(project),
      () => "ready",
    );
    const accounts: ChangeAccount[] = [];
    let before: Change["own"] = {};
    for (const change of changes) {
      const account = await step(
        change.name,
        SECONDS.change,
        () => tried(project, change, before),
        (result) => outcomeOf(result),
      );
      accounts.push(account);
      before = change.own;
    }
    return reportOf(accounts, { seed, seconds: Math.round((Date.now() - began) / 1000) });
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await project.dispose();
  }
}

async function begin(project: TruthProject): Promise<void> {
  project.says(base(), {});
  await project.start();
  const { failure } = await project.up();
  if (failure !== undefined) throw new Error(`the base could not be deployed:\n${failure}`);
}

async function tried(project: TruthProject, change: Change, ownBefore: Change["own"]): Promise<ChangeAccount> {
  for (const { kubectl } of change.byHand) await project.kubectl(kubectl);
  project.says(changed(change), change.own);
  const preview = () => project.preview();
  const told = change.during === "unreachable" ? await project.withoutCluster(preview) : await preview();
  const kinds = [...ofBase(), ...ownKinds(ownBefore), ...ownKinds(change.own)];
  const before = await project.look(kinds);
  const done = await project.up();
  const after = await project.look(kinds);
  for (const { kubectl } of change.after) await project.kubectl(kubectl);
  return accountOf(change, told, done, before, after);
}

const ownKinds = (own: Change["own"]) =>
  Object.values(own).flat() as unknown as Pick<KubeObject, "apiVersion" | "kind">[];

/** Kinds that the base, or a field of a change, may bring. */
function ofBase(): Pick<KubeObject, "apiVersion" | "kind">[] {
  baseKinds ??= [
    ...renderedObjects(parseEnvironment(stringify(base()), "truth.yaml")).map(({ object }) => object),
    { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" },
  ];
  return baseKinds;
}

let baseKinds: Pick<KubeObject, "apiVersion" | "kind">[] | undefined;

function accountOf(
  { name }: Change,
  { exitCode, report }: Told,
  done: DoneSteps,
  before: Sightings,
  after: Sightings,
): ChangeAccount {
  const announced = new Map(report.stacks.flatMap(({ changes }) => changes).map((change) => [change.urn, change]));
  const names = new Map<string, ObjectName>([...done.objects, ...announced]);
  const accounts = [...names].map(
    ([urn, object]): Account => ({
      object: spelt(object),
      announced: announced.get(urn)?.operation ?? "unchanged",
      done: done.of(urn),
      seen: seen(keyOf(asObject(object)), before, after),
    }),
  );
  return { change: name, announcedEnding: endingOf(exitCode, report), ending: done.ending, accounts };
}

const asObject = ({ apiVersion, kind, name, namespace }: ObjectName): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
});

function endingOf(exitCode: number | undefined, { summary }: Told["report"]): Ending {
  if (summary.failed > 0) return "failed";
  return exitCode === 3 || summary.refused > 0 ? "refused" : "done";
}

function outcomeOf(account: ChangeAccount): string {
  const objects = judged(account);
  const wrong = objects.filter(({ isRight }) => !isRight);
  return `${objects.length - wrong.length} of ${objects.length} objects right, announced ${account.announcedEnding}, ${account.ending}`;
}
