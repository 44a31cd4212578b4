/** One run of the proof: lanes, trials, mutants and sabotages, each whole or as a sample. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readCases } from "../../policies/cases";
import { catalogue, type Manifest } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { AdmissionCluster } from "./admission-cluster";
import { admissionLanes, casesToStore, storedObjects } from "./admission-steps";
import { AuditLane } from "./audit-lane";
import { Chance } from "./chance";
import { askAll } from "./comparison";
import { gatekeeperSabotages } from "./gatekeeper-sabotages";
import type { Lane } from "./lane";
import type { Mutant } from "./mutant";
import { type Fate, Mutation } from "./mutation";
import { equivalentMutants, mutationReport } from "./mutation-report";
import { packSabotages } from "./pack-sabotages";
import { podSecurityFixtures } from "./pod-security-fixture";
import { PreviewLane } from "./preview-lane";
import type { CaseOfRule, Question } from "./question";
import { type ConformanceReport, reportOf } from "./report";
import { ruleMutants, someOf } from "./rule-mutants";
import { sabotaged } from "./sabotage";
import { SourceTree } from "./source-tree";
import { checked, sampled, type Trial, trialsOf, verdictsOf } from "./trial";
import { WitnessLane } from "./witness-lane";

export interface RunArgs {
  /** The programs. */
  readonly opa: string;
  readonly gator: string;
  /** Decides everything that chance decides. */
  readonly seed: number;
  /** Verdicts to ask for, at least; mutants and sabotages are as small a share. @default all */
  readonly sample?: number;
  /** Whether an API server and Gatekeeper are started. */
  readonly withCluster: boolean;
  /** Runs a step, and tells it: its name, how long it takes on an idle machine of two cores, and what it comes to. */
  readonly step: <T>(
    name: string,
    seconds: number,
    work: (say: (text: string) => void) => Promise<T>,
    outcome: (result: T) => string,
  ) => Promise<T>;
}

/** Times that each sabotage is put in, by a run without a sample. */
const SABOTAGES = 3;

/** Seconds on an idle machine of two cores, per thing. */
const SECONDS = {
  preview: 0.002,
  admission: 0.02,
  webhook: 0.02,
  audit: 0.006,
  witness: 0.002,
  mutant: 0.06,
  sabotage: 1.5,
};

export async function run(args: RunArgs): Promise<ConformanceReport> {
  const { opa, gator, seed, sample, step } = args;
  const { rules } = catalogue();
  const cases = rules.flatMap((rule) => readCases(rule.name).map((one): CaseOfRule => ({ rule, one })));
  const corpus = { cases, fixtures: podSecurityFixtures() ?? [], seed };
  const cluster = args.withCluster ? new AdmissionCluster() : undefined;
  const lanes: Lane[] = [];
  try {
    const preview = await PreviewLane.start();
    const audit = new AuditLane(gator);
    const witness = new WitnessLane(opa);
    lanes.push(preview, audit, witness);
    const stored = cluster && (await storedObjects(cluster, casesToStore(cases, args), step));
    const all = trialsOf({ ...corpus, stored });
    const trials = sample === undefined ? all : sampled(all, lanes, sample, seed);
    const questions = trials.flatMap((trial) => trial.questions);
    if (cluster) lanes.push(...(await admissionLanes(cluster, questions, step)));
    const possibleVerdicts = all.reduce((sum, trial) => sum + verdictsOf(trial, lanes), 0);
    const answered = await askAll(lanes, questions, (lane, count, work) =>
      step(`${lane.name}: ${lane.program}`, count * SECONDS[lane.name], work, () => `${count} verdicts`),
    );
    const share = sample === undefined ? 1 : Math.min(1, sample / possibleVerdicts);
    const sources = new SourceTree(policiesPath(), rules);
    const mutants = someOf(await ruleMutants(opa, sources), share, new Chance(`${seed} mutants`));
    const fates = await fatesOf(mutants, new Mutation(opa, sources, wholeAuthored(all)), step);
    const killed = mutants.filter((_, index) => fates[index] === "killed");
    const ground = { opa, gator, sources, trials: all, mutants: killed, preview, audit, witness };
    const sabotages = [...gatekeeperSabotages, ...packSabotages];
    const times = sample === undefined ? SABOTAGES : 1;
    const sabotage = await step(
      "sabotage",
      sabotages.length * times * SECONDS.sabotage,
      (say) => sabotaged(sabotages, ground, { seed, times, said: say }),
      ({ caught, seeded }) => `${caught} of ${seeded} caught`,
    );
    return reportOf({
      answered,
      comparison: checked(trials, answered),
      mutation: mutationReport(mutants, fates, equivalentMutants()),
      sabotage,
      seed,
      possibleVerdicts,
      rules: digestOfRules(),
    });
  } finally {
    for (const lane of lanes) await lane.stop();
    await cluster?.dispose();
  }
}

/** Authored questions about objects that are known whole. */
export function wholeAuthored(trials: readonly Trial[]): Question[] {
  const questions = trials.flatMap((trial) => trial.questions);
  return questions.filter(({ form, unknown }) => form === "authored" && unknown.length === 0);
}

function fatesOf(mutants: readonly Mutant[], mutation: Mutation, step: RunArgs["step"]): Promise<Fate[]> {
  return step(
    "mutants of the rules",
    mutants.length * SECONDS.mutant,
    (say) => mutation.fates(mutants, (done) => say(`${done} of ${mutants.length}`)),
    (found) => `${found.filter((fate) => fate === "killed").length} of ${mutants.length} noticed`,
  );
}

/** Of everything that the rules were compiled from. */
function digestOfRules(): string {
  const { sources }: Manifest = JSON.parse(readFileSync(policiesPath("compiled", "manifest.json"), "utf8"));
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex");
}
