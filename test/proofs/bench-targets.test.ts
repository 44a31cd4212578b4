import { describe, expect, it } from "@jest/globals";
import { judgeTargets } from "../../proofs/bench/targets";

const latency = (p95: number) => ({ p50: p95, p95, p99: p95 });
const policyCost = (packStartSeconds: number, judgeP95: number) => ({
  rules: 51,
  packStartSeconds,
  judgeMilliseconds: latency(judgeP95),
  // has no bound
  admissionMilliseconds: { withoutGatekeeper: latency(9), withoutRules: latency(9), withRules: latency(9) },
});
const figures = {
  programStartSeconds: 1,
  previewVsDiff: 2,
  upVsApply: 4,
  upVsApplySafe: 10,
  policyShareOfPreview: 0.05,
  policyCost: policyCost(0.6, 1),
  objects: 500,
  upGrowth: { objects: 2000, ratio: 5 },
};
const verdicts = (changed: object) => judgeTargets({ ...figures, ...changed }).map(({ met }) => met);

describe("targets", () => {
  it("are met up to their bound, and missed above it", () => {
    expect(verdicts({})).toEqual([true, true, true, true, true, true, true, true]);
    expect(
      verdicts({
        programStartSeconds: 1.01,
        previewVsDiff: 2.01,
        upVsApply: 4.01,
        upVsApplySafe: 10.01,
        policyShareOfPreview: 0.051,
        policyCost: policyCost(0.61, 1.01),
        upGrowth: { objects: 2000, ratio: 5.01 },
      }),
    ).toEqual([false, false, false, false, false, false, false, false]);
  });

  it("are not judged by other sizes than they were set for, the program's start excepted", () => {
    expect(verdicts({ objects: 50 })).toEqual([true, null, null, null, null, null, true, true]);
    expect(verdicts({ upGrowth: { objects: 1000, ratio: 1 } })).toEqual([
      true,
      true,
      true,
      true,
      null,
      true,
      true,
      true,
    ]);
    expect(verdicts({ upGrowth: null })).toEqual([true, true, true, true, null, true, true, true]);
    expect(verdicts({ policyCost: null })).toEqual([true, true, true, true, true, true, null, null]);
  });

  it("are all listed with their value and bound, missed or not", () => {
    const listed = judgeTargets({ ...figures, previewVsDiff: 3.5 }).map(({ value, bound, met }) => [value, bound, met]);
    expect(listed).toEqual([
      [1, 1, true],
      [3.5, 2, false],
      [4, 4, true],
      [10, 10, true],
      [5, 5, true],
      [0.05, 0.05, true],
      [0.6, 0.6, true],
      [1, 1, true],
    ]);
  });
});
