/** One plan of several runs of the engine, each without what the one before it stopped at. */
import { describe, expect, it } from "@jest/globals";
import { merged } from "../../../lifecycle/preview/plan";
import type { PlannedResource, PlannedRun } from "../../../lifecycle/preview/steps";

const resource = (name: string, operation: PlannedResource["operation"], failed = false): PlannedResource => {
  const type = "kubernetes:core/v1:ConfigMap";
  const urn = `urn:pulumi:dev::team::${type}::hub:ConfigMap/shop/${name}`;
  return {
    urn,
    type,
    operation,
    keys: [],
    detailedDiff: {},
    provider: "",
    failed,
    new: { type, urn, custom: true } as never,
  };
};
const run = (resources: readonly PlannedResource[], more: Partial<PlannedRun> = {}): PlannedRun => ({
  ...{ resources, findings: [], diagnostics: [], ended: true, judged: true },
  ...more,
});

describe("a plan of several runs", () => {
  const conflict = { message: "conflict", severity: "error" as const, urn: "a" };
  const first = run([resource("a", "update", true)], { diagnostics: [conflict] });
  const second = run([resource("a", "unchanged"), resource("b", "delete")], { diagnostics: [conflict] });

  it("has all that the last run came to, and what an earlier one stopped at as that one met it", () => {
    const { resources } = merged([first, second]);
    expect(resources.map(({ failed, operation }) => [operation, failed])).toEqual([
      ["update", true],
      ["delete", false],
    ]);
  });

  it("says once what several runs were told, and is judged where one of them was", () => {
    const { diagnostics, judged } = merged([first, { ...second, judged: false }]);
    expect([diagnostics, judged]).toEqual([[conflict], true]);
  });
});
