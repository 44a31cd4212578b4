import { describe, expect, it } from "@jest/globals";
import { ownRuleFaults } from "../../stacks/own-rule-checks";

const faults = (parameters: unknown) =>
  ownRuleFaults({ parameters }).map(({ path, message }) => [path.join("."), message]);

describe("parameters of a team's own rules", () => {
  it("are refused for a rule of Fleetwright, which the environment computes, and for one that there is not", () => {
    expect(faults({ "IM-03": { registries: ["ghcr.io/acme"] }, "XA-01": {} })).toEqual([
      ["policy.parameters.IM-03", "is a rule of Fleetwright, whose parameters are computed from the environment"],
      ["policy.parameters.XA-01", "no rule of your own has this id: policies/rules/ holds none"],
    ]);
  });

  it("are passed over where there are none, or the schema refuses their shape", () => {
    expect([faults(undefined), faults("IM-03"), faults({})]).toEqual([[], [], []]);
  });
});

describe("levels", () => {
  it("are of any rule there is: of single objects, of sets, of tier 0", () => {
    const levels = { "IM-01": "warn", "GR-01": "off", "GK-01": "deny", "IM-99": "off" };
    expect(ownRuleFaults({ levels }).map(({ path }) => path.join("."))).toEqual(["policy.levels.IM-99"]);
  });
});
