import { describe, expect, it } from "@jest/globals";
import type { PolicyEvent } from "../../../lifecycle/engine-event";
import type { PlannedRun } from "../../../lifecycle/preview/steps";
import { exitCodeOf, previewReport } from "../../../lifecycle/preview/summary";
import { exemptionsOf, verdictsOf } from "../../../lifecycle/preview/verdicts";
import { parseEnvironment } from "../../../stacks/environment";
import { policyParameters } from "../../../stacks/policy-parameters";
import { sandboxEnvironment } from "../../support/environments";
import { aChange, aStack } from "./a-report";

const urn = "urn:pulumi:dev::team::a:b:C$kubernetes:core/v1:Pod::hub:Pod/shop/app";
const event = (
  policyName: string,
  message: string,
  enforcementLevel: PolicyEvent["enforcementLevel"],
  resourceUrn = urn,
): PolicyEvent => ({
  policyName,
  message,
  enforcementLevel,
  resourceUrn,
  policyPackName: "fleetwright",
});
const run = (findings: readonly PolicyEvent[], diagnostics: PlannedRun["diagnostics"] = []): PlannedRun => ({
  resources: [],
  findings,
  diagnostics,
  ended: true,
  judged: true,
});
const environment = (undetermined: "deny" | "warn") => {
  const { policy, ...rest } = sandboxEnvironment();
  return parseEnvironment(JSON.stringify({ ...rest, policy: { ...policy, undetermined } }), "environments/dev.yaml");
};
const verdicts = (some: PlannedRun, undetermined: "deny" | "warn" = "warn") => {
  const one = environment(undetermined);
  return verdictsOf(some, one, policyParameters(one));
};

describe("verdicts", () => {
  it("are read from the pack's words: those that refuse first, each with its object", () => {
    const found = verdicts(
      run([
        event("IM-02", "IM-02: image has no digest", "advisory"),
        event("PS-01", "PS-01 undetermined: image is not known yet", "advisory"),
        event("IM-03", "IM-03: image is in no allowed registry", "mandatory"),
        event(
          "rules",
          "undetermined: nothing is known of the rules",
          "mandatory",
          "urn:pulumi:dev::team::pulumi:pulumi:Stack::team-dev",
        ),
      ]),
    );
    expect(found.map(({ id, message, refuses, verdict }) => [id, verdict, refuses, message])).toEqual([
      ["IM-03", "deny", true, "image is in no allowed registry"],
      ["rules", "undetermined", true, "nothing is known of the rules"],
      ["IM-02", "deny", false, "image has no digest"],
      ["PS-01", "undetermined", false, "image is not known yet"],
    ]);
    expect(found[0]?.resource).toEqual({
      cluster: "hub",
      apiVersion: "v1",
      kind: "Pod",
      namespace: "shop",
      name: "app",
    });
    expect(found[1]?.resource).toBeUndefined();
  });

  it.each([
    ["deny", true],
    ["warn", false],
  ] as const)(
    "surface what a pack of somebody else's only remarks it could not run; with undetermined %s it refuses: %s",
    (undetermined, refuses) => {
      const message = "can't run policy 'no-public-ip' during preview: spec.host isn't known";
      for (const one of [
        run([event("no-public-ip", message, "advisory")]),
        run([], [{ message, severity: "warning", urn }]),
      ]) {
        expect(verdicts(one, undetermined)).toEqual([
          expect.objectContaining({ id: "no-public-ip", verdict: "undetermined", refuses }),
        ]);
      }
    },
  );

  it("do not count as verdicts what exemptions did, which is told apart", () => {
    const lines = [
      "exemptions: 3 in force (IM-01 3), 12 violations exempted; 1 exempts nothing; 1 ends within 14 days",
      "IM-01: the exemption of Pod a/b ends in 3 days, on 2027-01-01, owner shop: from the next day on it is a fault, and exempts nothing",
      "IM-01: the exemption of Pod a/c exempts nothing in this stack, owner shop: take it out",
    ];
    const some = run(lines.map((line) => event("exemptions", line, "advisory")));
    expect(verdicts(some)).toEqual([]);
    expect(exemptionsOf(some)).toEqual({ inForce: 3, exempted: 12, ending: [lines[1]], unused: [lines[2]] });
  });
});

describe("the exit code", () => {
  const gate = { expectNoChanges: false, requireClusters: false };
  const denied = aStack({ policies: [{ id: "IM-03", verdict: "deny", refuses: true, message: "no" }] });
  const ended = aStack({
    changes: [aChange({ operation: "refused", refusals: [{ by: "admission", message: "no" }] })],
  });
  const open = aStack({ policies: [{ id: "IM-03", verdict: "undetermined", refuses: true, message: "?" }] });
  const failed = aStack({ outcome: "failed", error: "no" });
  const silent = aStack({ clusters: aStack().clusters.map((one) => ({ ...one, reached: false })) });
  const notYet = aStack({
    clusters: aStack().clusters.map((one) => ({
      ...one,
      admission: { asked: 0, refused: 0, notAsked: [{ reason: "not yet", objects: 1, isExpected: true }] },
    })),
  });
  const changed = aStack({ changes: [aChange()] });
  const hidden = aStack({ changes: [aChange({ hidden: "no news" })] });

  it.each([
    ["nothing to say", [changed, silent], gate, 0],
    ["a rule that refuses, before all else", [failed, denied, changed], { ...gate, expectNoChanges: true }, 3],
    ["an API server that refuses", [ended], gate, 3],
    ["what could not be judged and refuses", [open, changed], { ...gate, expectNoChanges: true }, 5],
    ["a stack that failed", [failed], gate, 5],
    ["a cluster that is required and does not answer", [silent], { ...gate, requireClusters: true }, 5],
    ["what is not there yet, where clusters are required", [notYet], { ...gate, requireClusters: true }, 0],
    ["a change where none was expected", [changed], { ...gate, expectNoChanges: true }, 7],
    ["what is hidden where no change was expected", [hidden], { ...gate, expectNoChanges: true }, 0],
  ] as const)("of %s", (_, stacks, asked, code) => {
    expect(exitCodeOf(previewReport("team", stacks), asked)).toBe(code);
  });
});
