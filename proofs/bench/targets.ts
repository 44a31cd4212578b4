import type { PolicyCost } from "./policy-cost";

/** What this platform promises of its speed, on two cores of a machine that does nothing else. */

export interface Target {
  readonly name: string;
  readonly value: number | null;
  /** The value must not be above. */
  readonly bound: number;
  /** Null where this run says nothing of it: other sizes were measured. */
  readonly met: boolean | null;
}

/** What targets are judged by. */
export interface Figures {
  readonly programStartSeconds: number;
  readonly previewVsDiff: number;
  readonly upVsApply: number;
  readonly upVsApplySafe: number;
  readonly policyShareOfPreview: number;
  /** Null where it was not measured. */
  readonly policyCost: PolicyCost | null;
  readonly objects: number;
  readonly upGrowth: { readonly objects: number; readonly ratio: number } | null;
}

/** Sizes that the bounds were set for. */
const OBJECTS = 500;
const MOST_OBJECTS = 2000;

export function judgeTargets(figures: Figures): Target[] {
  const { upGrowth } = figures;
  const isWhole = figures.objects === OBJECTS;
  const isGrown = isWhole && upGrowth?.objects === MOST_OBJECTS;
  return [
    target("seconds from program start to first registration", figures.programStartSeconds, 1, true),
    target(`no-op preview to kubectl diff, ${OBJECTS} objects`, figures.previewVsDiff, 2, isWhole),
    target(`up from empty to kubectl apply, ${OBJECTS} objects, no checkpoints`, figures.upVsApply, 4, isWhole),
    target(`up from empty to kubectl apply, ${OBJECTS} objects, checkpoints`, figures.upVsApplySafe, 10, isWhole),
    target(`up of ${MOST_OBJECTS} objects to up of ${OBJECTS}, no checkpoints`, upGrowth?.ratio ?? null, 5, isGrown),
    target("share of the policy pack in a preview", figures.policyShareOfPreview, 0.05, isWhole),
    ...judgePolicyCost(figures.policyCost),
  ];
}

/** What the rules may cost. Admission has no bound: it stands beside the same requests without them. */
export function judgePolicyCost(cost: PolicyCost | null): Target[] {
  return [
    target("seconds from the start of the policy pack to its first request", cost?.packStartSeconds ?? null, 0.6, true),
    target(
      "milliseconds of one Deployment of 4 containers by all rules, p95",
      cost?.judgeMilliseconds.p95 ?? null,
      1,
      true,
    ),
  ];
}

function target(name: string, value: number | null, bound: number, isJudged: boolean): Target {
  return { name, value, bound, met: isJudged && value !== null ? value <= bound : null };
}
