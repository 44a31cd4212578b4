/** `fleetwright preview --refresh`: what was changed in the clusters since it was deployed, and with `--correct` put back. */
import { type DriftReport, findDrift } from "../lifecycle/drift";
import { CorrectionError, correct } from "../lifecycle/drift/correction";
import { StateError } from "../lifecycle/drift/deployed-state";
import { EngineRunError } from "../lifecycle/engine-run";
import type { ProjectStack } from "../lifecycle/project-stacks";
import { driftText } from "./drift-text";
import { CliError, type Format, printDocument } from "./output";

export interface DriftOptions {
  /** Whether drift ends with 7. */
  readonly expectNoChanges?: boolean;
  /** Whether what drifted is put back. */
  readonly correct?: boolean;
  readonly output: Format;
}

/** Looks at all clusters of some stacks, prints what was found, and sets the exit code. */
export async function previewDrift(
  stacks: readonly ProjectStack[],
  root: string,
  { correct: corrects = false, expectNoChanges = false, output }: DriftOptions,
): Promise<void> {
  const found = await known(findDrift(stacks, root));
  const corrected = corrects ? await known(correction(stacks, root, found)) : undefined;
  const report = corrected ?? found;
  if (output === "table") process.stdout.write(driftText(report, corrected && found));
  else printDocument("DriftReport", { ...report, ...(corrected ? { corrected: found.drift } : {}) }, output);
  process.exitCode = exitCodeOf(report, expectNoChanges || corrects);
}

/**
 * Corrects the stacks that drifted, and looks again.
 *
 * @returns what is left; undefined where there was nothing to correct
 */
async function correction(
  stacks: readonly ProjectStack[],
  root: string,
  found: DriftReport,
): Promise<DriftReport | undefined> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const drifted = stacks.filter(({ stack }) => found.drift.some((one) => one.stack === stack && one.kind !== "orphan"));
  // the engine would end at a cluster that does not answer, half-way
  const isKnown = ({ stack }: ProjectStack) => found.unknown.every((one) => one.stack !== stack);
  for (const stack of drifted.filter(isKnown))
    await correct(
      stack,
      root,
      found.drift.filter((one) => one.stack === stack.stack),
      say,
    );
  for (const { stack } of drifted.filter((one) => !isKnown(one))) {
    say(`stack ${stack} is not corrected: a part of it could not be looked at`);
  }
  return drifted.some(isKnown) ? findDrift(stacks, root) : undefined;
}

/** What ends it and a user can mend, as a sentence. */
async function known<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StateError) throw new CliError("StackNotReady", error.message, 4);
    if (error instanceof EngineRunError || error instanceof CorrectionError) {
      throw new CliError("CorrectionRefused", error.message, 3);
    }
    throw error;
  }
}

function exitCodeOf({ drift, unknown }: DriftReport, expectsNone: boolean): 0 | 5 | 7 {
  if (unknown.length > 0) return 5;
  return expectsNone && drift.length > 0 ? 7 : 0;
}
