/** The bench's report: medians and ratios, from what was measured. */
import { cpus, loadavg, totalmem } from "node:os";
import type { Comparison } from "./comparison";
import type { DevEnvironment } from "./dev-environment";
import type { FirstRegistration } from "./first-registration";
import type { Latency, PolicyCost } from "./policy-cost";
import type { EngineRun } from "./project";
import type { Measured } from "./run";
import { median, rounded, shareOf } from "./statistics";
import { judgePolicyCost, judgeTargets, type Target } from "./targets";

/** One size of the growth table; medians where something was measured more than once. */
export interface Growth {
  readonly objects: number;
  /** Without checkpoints. */
  readonly upSeconds: number;
  readonly applySeconds: number;
  readonly previewSeconds: number;
  readonly diffSeconds: number;
  /** Without checkpoints, until all is gone. */
  readonly destroySeconds: number;
  /** Measured at the reference size only. */
  readonly deleteSeconds: number | null;
}

/** What is written to `--json`, beside `apiVersion` and `kind`. Every ratio is engine to kubectl, at {@link objects}. */
export interface BenchReport {
  readonly previewVsDiff: number;
  /** Without checkpoints, as only a sandbox can afford. */
  readonly upVsApply: number;
  /** With checkpoints, as everywhere else. */
  readonly upVsApplySafe: number;
  /** Without checkpoints. */
  readonly destroyVsDelete: number;
  readonly destroyVsDeleteSafe: number;
  /** From the start of the program's process to its first registration; median. */
  readonly programStartSeconds: number;
  /** What the program's process computed until then: a busy machine changes it little. */
  readonly programStartCpuSeconds: number;
  /** From the start of `pulumi up` to the first object made. */
  readonly firstResourceSeconds: number | null;
  /** 0–1. */
  readonly policyShareOfPreview: number;
  /** Size at which the ratios were taken. */
  readonly objects: number;
  readonly growth: readonly Growth[];
  /** Time of `up` without checkpoints at the largest size, to that at {@link objects}; null where there is but one size. */
  readonly upGrowth: { readonly objects: number; readonly ratio: number } | null;
  readonly peakMemoryMiB: { readonly up: number | null; readonly preview: number | null };
  /** Where the time goes: CPU seconds by process of the runs at {@link objects}; null where the system does not tell. */
  readonly cpuSeconds: Readonly<Record<"up" | "upSafe" | "preview" | "apply" | "diff", CpuSeconds | null>>;
  /** Null where it was not measured. */
  readonly policyCost: PolicyCost | null;
  readonly devEnvironment: DevReport | null;
  readonly machine: Machine;
  readonly targets: readonly Target[];
  readonly summary: { readonly met: number; readonly missed: number; readonly notJudged: number };
}

type CpuSeconds = Readonly<Record<string, number>>;

interface DevReport {
  readonly objects: number;
  readonly clustersSeconds: number;
  readonly renderSeconds: number;
  readonly judgeSeconds: number;
  readonly upSeconds: number;
  readonly previewSeconds: number;
  readonly destroySeconds: number;
  /** As above, reading the environment and three clusters included. */
  readonly programStartSeconds: number | null;
  readonly programStartCpuSeconds: number | null;
  readonly peakMemoryMiB: number | null;
}

interface Machine {
  readonly processors: number;
  readonly processor: string;
  readonly memoryMiB: number;
  /** Average number of runnable processes in the last minute, before and after: above `processors`, others were at work. */
  readonly load: { readonly before: number; readonly after: number };
  readonly node: string;
  readonly date: string;
}

/** The size at which ratios are taken, where it is measured; else the largest. */
export const REFERENCE_OBJECTS = 500;

export function referenceSize(sizes: readonly number[]): number {
  return sizes.includes(REFERENCE_OBJECTS) ? REFERENCE_OBJECTS : Math.max(...sizes);
}

/**
 * @param comparisons one per size; that of {@link referenceSize} was measured whole
 * @param loadBefore load of the machine before the first run
 */
export function reportOf(
  comparisons: readonly Comparison[],
  policyCost: PolicyCost | undefined,
  dev: DevEnvironment | undefined,
  loadBefore: number,
): BenchReport {
  const growth = comparisons.map(growthOf);
  const size = referenceSize(growth.map(({ objects }) => objects));
  const { reference, deleted, upSafe, destroySafe } = wholeOf(comparisons, size);
  const at = growthOf(reference);
  const largest = growth.reduce((a, b) => (b.objects > a.objects ? b : a), at);
  const measured = {
    previewVsDiff: rounded(at.previewSeconds / at.diffSeconds),
    upVsApply: rounded(at.upSeconds / at.applySeconds),
    upVsApplySafe: rounded(upSafe.seconds / at.applySeconds),
    destroyVsDelete: rounded(at.destroySeconds / deleted.seconds),
    destroyVsDeleteSafe: rounded(destroySafe.seconds / deleted.seconds),
    programStartSeconds: rounded(median(startsOf(comparisons).map(({ seconds }) => seconds))),
    programStartCpuSeconds: rounded(median(startsOf(comparisons).map(({ cpuSeconds }) => cpuSeconds))),
    firstResourceSeconds: roundedOrNull(reference.upFast.firstSeconds),
    policyShareOfPreview: rounded(shareOf(at.previewSeconds, medianSeconds(reference.previewsWithoutPack)), 3),
    objects: size,
    growth,
    upGrowth:
      largest.objects > size ? { objects: largest.objects, ratio: rounded(largest.upSeconds / at.upSeconds) } : null,
    peakMemoryMiB: { up: peakOf([reference.upFast, upSafe]), preview: peakOf(reference.previews) },
    cpuSeconds: {
      up: cpuOf(reference.upFast),
      upSafe: cpuOf(upSafe),
      preview: cpuOf(reference.previews[0]),
      apply: cpuOf(reference.applies[0]),
      diff: cpuOf(reference.diffs[0]),
    },
    policyCost: policyCost ? roundedCost(policyCost) : null,
    devEnvironment: dev ? devReport(dev) : null,
    machine: machineOf(loadBefore),
  };
  const targets = judgeTargets(measured);
  return { ...measured, targets, summary: counted(targets) };
}

/** A report of nothing but what the rules cost. */
export interface PolicyCostReport extends Pick<BenchReport, "machine" | "targets" | "summary"> {
  readonly policyCost: PolicyCost;
}

export function policyCostReport(cost: PolicyCost, loadBefore: number): PolicyCostReport {
  const policyCost = roundedCost(cost);
  const targets = judgePolicyCost(policyCost);
  return { policyCost, machine: machineOf(loadBefore), targets, summary: counted(targets) };
}

function counted(targets: readonly Target[]): BenchReport["summary"] {
  const count = (met: boolean | null) => targets.filter((target) => target.met === met).length;
  return { met: count(true), missed: count(false), notJudged: count(null) };
}

function roundedCost({ admissionMilliseconds, judgeMilliseconds, packStartSeconds, rules }: PolicyCost): PolicyCost {
  const latency = ({ p50, p95, p99 }: Latency) => ({ p50: rounded(p50), p95: rounded(p95), p99: rounded(p99) });
  const { withoutGatekeeper, withoutRules, withRules } = admissionMilliseconds;
  return {
    rules,
    packStartSeconds: rounded(packStartSeconds),
    judgeMilliseconds: latency(judgeMilliseconds),
    admissionMilliseconds: {
      withoutGatekeeper: latency(withoutGatekeeper),
      withoutRules: latency(withoutRules),
      withRules: latency(withRules),
    },
  };
}

function wholeOf(comparisons: readonly Comparison[], size: number) {
  const reference = comparisons.find(({ objects }) => objects === size);
  const { deleted, upSafe, destroySafe } = reference ?? {};
  if (!reference || !deleted || !upSafe || !destroySafe) throw new Error(`${size} objects were not measured whole`);
  return { reference, deleted, upSafe, destroySafe };
}

function growthOf({ objects, upFast, applies, previews, diffs, destroyFast, deleted }: Comparison): Growth {
  return {
    objects,
    upSeconds: rounded(upFast.seconds),
    applySeconds: rounded(medianSeconds(applies)),
    previewSeconds: rounded(medianSeconds(previews)),
    diffSeconds: rounded(medianSeconds(diffs)),
    destroySeconds: rounded(destroyFast.seconds),
    deleteSeconds: roundedOrNull(deleted?.seconds),
  };
}

function devReport({
  objects,
  clustersSeconds,
  renderSeconds,
  judgeSeconds,
  up,
  preview,
  destroy,
}: DevEnvironment): DevReport {
  return {
    objects,
    clustersSeconds: rounded(clustersSeconds),
    renderSeconds: rounded(renderSeconds),
    judgeSeconds: rounded(judgeSeconds),
    upSeconds: rounded(up.seconds),
    previewSeconds: rounded(preview.seconds),
    destroySeconds: rounded(destroy.seconds),
    programStartSeconds: roundedOrNull(preview.firstRegistration?.seconds),
    programStartCpuSeconds: roundedOrNull(preview.firstRegistration?.cpuSeconds),
    peakMemoryMiB: peakOf([up, preview]),
  };
}

function machineOf(loadBefore: number): Machine {
  const processors = cpus();
  return {
    processors: processors.length,
    processor: processors[0]?.model ?? "unknown",
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
    load: { before: rounded(loadBefore), after: rounded(loadavg()[0] ?? 0) },
    node: process.version,
    date: new Date().toISOString(),
  };
}

const medianSeconds = (runs: readonly Measured[]) => median(runs.map(({ seconds }) => seconds));

/** Of every run that started the program in the same way. */
function startsOf(comparisons: readonly Comparison[]): FirstRegistration[] {
  const runs: EngineRun[] = comparisons.flatMap(({ upFast, previews }) => [upFast, ...previews]);
  return runs.flatMap(({ firstRegistration }) => firstRegistration ?? []);
}

const roundedOrNull = (value: number | undefined) => (value === undefined ? null : rounded(value));

function peakOf(runs: readonly Measured[]): number | null {
  const peaks = runs.flatMap(({ consumption }) => consumption?.peakMemoryMiB ?? []);
  return peaks.length === 0 ? null : Math.round(Math.max(...peaks));
}

function cpuOf(run: Measured | undefined): CpuSeconds | null {
  if (!run?.consumption) return null;
  const used = Object.entries(run.consumption.cpuSeconds).map(([role, seconds]) => [role, rounded(seconds)] as const);
  return Object.fromEntries(used.sort(([, a], [, b]) => b - a));
}
