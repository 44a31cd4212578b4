/**
 * A small sample of the proof by a fixed seed, without clusters; `npm run conformance` runs it whole. Its L2 is in
 * run.cluster.test.ts.
 */
import { describe, expect, it, jest } from "@jest/globals";
import { findTool } from "../../../policies/compile/tool";
import { run } from "../../../proofs/conformance/run";
import type { RunArgs } from "../../../proofs/conformance/run-args";

jest.setTimeout(600_000);

const [opa, gator] = [findTool("opa"), findTool("gator")];
const step: RunArgs["step"] = (_name, _seconds, work) => work(() => {});

(opa && gator ? describe : describe.skip)("conformance, sampled (skipped without opa and gator)", () => {
  it("is that every lane judges alike, that cases notice mutants, and that no sabotage goes unnoticed", async () => {
    const report = await run({ opa: opa ?? "", gator: gator ?? "", seed: 7, sample: 250, withCluster: false, step });
    const { agreement, disagreements, engineErrors, errors, psa, sabotage, verdicts } = report;
    expect({ disagreements, errors, missed: sabotage.missed }).toEqual({ disagreements: [], errors: [], missed: [] });
    expect({ agreement, engineErrors, missed: psa.missed, falselyDenied: psa.falselyDenied }).toEqual({
      agreement: 1,
      engineErrors: 0,
      missed: 0,
      falselyDenied: 0,
    });
    expect(verdicts).toBeGreaterThanOrEqual(250);
    expect(sabotage.caught).toBe(sabotage.seeded);
    expect(Object.entries(sabotage.kinds).filter(([, times]) => times === 0)).toEqual([]);
    // a sample of a few dozen mutants says little of the score: that there are more killed than not is a sign of life
    expect(report.mutation.killed).toBeGreaterThan(report.mutation.survived);
  });
});
