/** The lanes of one run, and what they are asked: started for it and ended with it, an interruption included. */
import { readCases } from "../../policies/cases";
import { catalogue } from "../../policies/engine/catalogue";
import { AdmissionCluster } from "./admission-cluster";
import { admissionLanes, casesToStore, storedObjects } from "./admission-steps";
import { AuditLane } from "./audit-lane";
import type { Lane } from "./lane";
import { podSecurityFixtures } from "./pod-security-fixture";
import { PreviewLane } from "./preview-lane";
import type { CaseOfRule, Question } from "./question";
import type { RunArgs } from "./run-args";
import { sampled, type Trial, trialsOf, verdictsOf } from "./trial";
import { WitnessLane } from "./witness-lane";

export interface Session {
  /** Every trial. */
  readonly all: readonly Trial[];
  /** Those of the sample. */
  readonly trials: readonly Trial[];
  readonly lanes: readonly Lane[];
  readonly preview: Lane;
  readonly audit: Lane;
  readonly witness: Lane;
  /** Answers that a run without a sample would have. */
  readonly possibleVerdicts: number;
}

/** Starts the lanes, does the work, and ends them whatever becomes of it. */
export async function inSession<T>(args: RunArgs, work: (session: Session) => Promise<T>): Promise<T> {
  const cluster = args.withCluster ? new AdmissionCluster() : undefined;
  const lanes: Lane[] = [];
  const end = async () => {
    for (const lane of lanes.splice(0)) await lane.stop();
    await cluster?.dispose();
  };
  const interrupted = () => {
    void end().finally(() => process.exit(130));
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  try {
    return await work(await started(args, lanes, cluster));
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await end();
  }
}

/** @param lanes get every lane that was started */
async function started(args: RunArgs, lanes: Lane[], cluster: AdmissionCluster | undefined): Promise<Session> {
  const { opa, gator, seed, sample, step } = args;
  const { rules } = catalogue();
  const cases = rules.flatMap((rule) => readCases(rule.name).map((one): CaseOfRule => ({ rule, one })));
  const preview = await PreviewLane.start();
  const audit = new AuditLane(gator);
  const witness = new WitnessLane(opa);
  lanes.push(preview, audit, witness);
  const stored = cluster && (await storedObjects(cluster, casesToStore(cases, args), step));
  const all = trialsOf({ cases, fixtures: podSecurityFixtures() ?? [], seed, stored });
  const trials = sample === undefined ? all : sampled(all, lanes, sample, seed);
  if (cluster) lanes.push(...(await admissionLanes(cluster, questionsOf(trials), witness, step)));
  const possibleVerdicts = all.reduce((sum, trial) => sum + verdictsOf(trial, lanes), 0);
  return { all, trials, lanes: [...lanes], preview, audit, witness, possibleVerdicts };
}

export const questionsOf = (trials: readonly Trial[]): Question[] => trials.flatMap(({ questions }) => questions);

/** Authored questions about objects that are known whole. */
export function wholeAuthored(trials: readonly Trial[]): Question[] {
  return questionsOf(trials).filter(({ form, unknown }) => form === "authored" && unknown.length === 0);
}
