/** One run of the proof: lanes, trials, mutants and sabotages, each whole or as a sample. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readCases } from "../../policies/cases";
import { catalogue, type Manifest } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { AuditLane } from "./audit-lane";
import { Chance } from "./chance";
import { askAll } from "./comparison";
import { gatekeeperSabotages } from "./gatekeeper-sabotages";
import type { Lane } from "./lane";
import { Mutation } from "./mutation";
import { equivalentMutants, mutationReport } from "./mutation-report";
import { packSabotages } from "./pack-sabotages";
import { podSecurityFixtures } from "./pod-security-fixture";
import { PreviewLane } from "./preview-lane";
import type { CaseOfRule } from "./question";
import { type ConformanceReport, reportOf } from "./report";
import { ruleMutants, someOf } from "./rule-mutants";
import { sabotaged } from "./sabotage";
import { SourceTree } from "./source-tree";
import { checked, sampled, trialsOf, verdictsOf } from "./trial";
import { WitnessLane } from "./witness-lane";

export interface RunArgs {
  /** The programs. */
  readonly opa: string;
  readonly gator: string;
  /** Decides everything that chance decides. */
  readonly seed: number;
  /** Verdicts to ask for, at least; mutants and sabotages are as small a share. @default all */
  readonly sample?: number;
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
const SECONDS = { preview: 0.002, admission: 0.02, audit: 0.006, witness: 0.002, mutant: 0.05, sabotage: 1.5 };

export async function run({ opa, gator, seed, sample, step }: RunArgs): Promise<ConformanceReport> {
  const { rules } = catalogue();
  const cases = rules.flatMap((rule) => readCases(rule.name).map((one): CaseOfRule => ({ rule, one })));
  const preview = await PreviewLane.start();
  const audit = new AuditLane(gator);
  const witness = new WitnessLane(opa);
  const lanes: readonly Lane[] = [preview, audit, witness];
  try {
    const all = trialsOf({ cases, fixtures: podSecurityFixtures() ?? [], seed });
    const possibleVerdicts = all.reduce((sum, trial) => sum + verdictsOf(trial, lanes), 0);
    const trials = sample === undefined ? all : sampled(all, lanes, sample, seed);
    const answered = await askAll(
      lanes,
      trials.flatMap(({ questions }) => questions),
      (lane, count, work) =>
        step(`${lane.name}: ${lane.program}`, count * SECONDS[lane.name], work, () => `${count} verdicts`),
    );
    const share = sample === undefined ? 1 : Math.min(1, sample / possibleVerdicts);
    const sources = new SourceTree(policiesPath(), rules);
    const mutants = someOf(await ruleMutants(opa, sources), share, new Chance(`${seed} mutants`));
    const known = all.filter(({ questions: [question] }) => question?.form === "authored");
    const questions = known.flatMap((trial) => trial.questions).filter(({ unknown }) => unknown.length === 0);
    const fates = await step(
      "mutants of the rules",
      mutants.length * SECONDS.mutant,
      (say) => new Mutation(opa, sources, questions).fates(mutants, (done) => say(`${done} of ${mutants.length}`)),
      (found) => `${found.filter((fate) => fate === "killed").length} of ${mutants.length} noticed`,
    );
    const sabotages = [...gatekeeperSabotages, ...packSabotages];
    const times = sample === undefined ? SABOTAGES : 1;
    const killed = mutants.filter((_, index) => fates[index] === "killed");
    const ground = { opa, gator, sources, trials: all, mutants: killed, preview, audit, witness };
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
  }
}

/** Of everything that the rules were compiled from. */
function digestOfRules(): string {
  const { sources }: Manifest = JSON.parse(readFileSync(policiesPath("compiled", "manifest.json"), "utf8"));
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex");
}
