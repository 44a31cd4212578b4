/** One run of the proof: verdicts, mutants and sabotages, each whole or as a sample. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { catalogue, type Manifest } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { Chance } from "./chance";
import { type Answered, askAll, type Comparison } from "./comparison";
import { gatekeeperSabotages } from "./gatekeeper-sabotages";
import type { Mutant } from "./mutant";
import { Mutation } from "./mutation";
import { equivalentMutants, type MutationReport, mutationReport } from "./mutation-report";
import { packSabotages } from "./pack-sabotages";
import { type ConformanceReport, reportOf } from "./report";
import { ruleMutants, someOf } from "./rule-mutants";
import type { RunArgs } from "./run-args";
import { type SabotageReport, sabotaged } from "./sabotage";
import { inSession, questionsOf, type Session, wholeAuthored } from "./session";
import { SourceTree } from "./source-tree";
import { checked } from "./trial";

/** Times that each sabotage is put in, by a run without a sample. */
const SABOTAGES = 3;

/** Seconds on an idle machine of two cores, per thing. */
const SECONDS = {
  preview: 0.002,
  admission: 0.001,
  webhook: 0.02,
  audit: 0.006,
  witness: 0.002,
  mutant: 0.06,
  sabotage: 1.5,
};

export function run(args: RunArgs): Promise<ConformanceReport> {
  return inSession(args, async (session) => {
    const { answered, comparison } = await verdicts(session, args);
    const sources = new SourceTree(policiesPath(), catalogue().rules);
    const { mutation, killed } = await mutants(session, sources, args);
    const sabotage = await sabotages(session, sources, killed, args);
    const { possibleVerdicts } = session;
    return reportOf({
      answered,
      comparison,
      mutation,
      sabotage,
      seed: args.seed,
      possibleVerdicts,
      rules: digestOfRules(),
    });
  });
}

/** What the lanes say, and whether they agree. */
export async function verdicts(
  { trials, lanes }: Session,
  { step }: RunArgs,
): Promise<{ readonly answered: readonly Answered[]; readonly comparison: Comparison }> {
  const answered = await askAll(lanes, questionsOf(trials), (lane, count, work) =>
    step(`${lane.name}: ${lane.program}`, count * SECONDS[lane.name], work, () => `${count} verdicts`),
  );
  return { answered, comparison: checked(trials, answered) };
}

/** Whether the cases notice mutants of the rules, and the mutants that they do. */
export async function mutants(
  { all, possibleVerdicts }: Session,
  sources: SourceTree,
  { opa, seed, sample = possibleVerdicts, step }: RunArgs,
): Promise<{ readonly mutation: MutationReport; readonly killed: readonly Mutant[] }> {
  const share = Math.min(1, sample / possibleVerdicts);
  const chosen = someOf(await ruleMutants(opa, sources), share, new Chance(`${seed} mutants`));
  const runs = new Mutation(opa, sources, wholeAuthored(all));
  const fates = await step(
    "mutants of the rules",
    chosen.length * SECONDS.mutant,
    (say) => runs.fates(chosen, (done) => say(`${done} of ${chosen.length}`, done / chosen.length)),
    (found) => `${found.filter((fate) => fate === "killed").length} of ${chosen.length} noticed`,
  );
  const killed = chosen.filter((_, index) => fates[index] === "killed");
  return { mutation: mutationReport(chosen, fates, equivalentMutants()), killed };
}

/** Whether the comparison notices divergences that are put in. */
export function sabotages(
  { all, preview, audit, witness }: Session,
  sources: SourceTree,
  killed: readonly Mutant[],
  { opa, gator, seed, sample, step }: RunArgs,
): Promise<SabotageReport> {
  const ground = { opa, gator, sources, trials: all, mutants: killed, preview, audit, witness };
  const kinds = [...gatekeeperSabotages, ...packSabotages];
  const times = sample === undefined ? SABOTAGES : 1;
  return step(
    "sabotage",
    kinds.length * times * SECONDS.sabotage,
    (say) => sabotaged(kinds, ground, { seed, times, said: say }),
    ({ caught, seeded }) => `${caught} of ${seeded} caught`,
  );
}

/** Of everything that the rules were compiled from. */
function digestOfRules(): string {
  const { sources }: Manifest = JSON.parse(readFileSync(policiesPath("compiled", "manifest.json"), "utf8"));
  return createHash("sha256").update(JSON.stringify(sources)).digest("hex");
}
