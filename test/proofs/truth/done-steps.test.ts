import { describe, expect, it } from "@jest/globals";
import type { EngineEvent, StepMetadata } from "../../../lifecycle/engine-event";
import { DoneSteps } from "../../../proofs/truth/done-steps";

const urn = "urn:pulumi:truth::truth::a:b:C$kubernetes:core/v1:ConfigMap::hub:ConfigMap/shop/page";
const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "page", namespace: "shop" } };
const state = { type: "kubernetes:core/v1:ConfigMap", urn, custom: true, inputs };
const step = (op: StepMetadata["op"]): StepMetadata => ({ op, urn, type: state.type, old: state, new: state });
const done = (op: StepMetadata["op"]): EngineEvent => ({
  sequence: 0,
  timestamp: 0,
  resOutputsEvent: { metadata: step(op) },
});

const stepsOf = (...events: readonly EngineEvent[]) => {
  const steps = new DoneSteps(["hub"]);
  for (const event of events) steps.take(event);
  return steps;
};

describe("what `up` did", () => {
  it.each([
    ["create", [done("create")]],
    ["update", [done("update")]],
    ["unchanged", [done("same")]],
    ["replace", [done("delete-replaced"), done("create-replacement"), done("replace")]],
    ["replace", [done("create-replacement"), done("replace"), done("delete-replaced")]],
    ["none", []],
  ] as const)("is %s", (operation, events) => expect(stepsOf(...events).of(urn)).toBe(operation));

  it("is nothing of a step that began and did not end", () => {
    expect(stepsOf({ sequence: 0, timestamp: 0, resourcePreEvent: { metadata: step("create") } }).of(urn)).toBe("none");
  });

  it("is refused where the API server or a rule of level deny refused it, and so is the run", () => {
    const failed: EngineEvent = { sequence: 0, timestamp: 0, resOpFailedEvent: { metadata: step("create") } };
    const denied: EngineEvent = {
      sequence: 0,
      timestamp: 0,
      policyEvent: {
        resourceUrn: urn,
        message: "no",
        policyName: "IM-01",
        policyPackName: "fleetwright",
        enforcementLevel: "mandatory",
      },
    };
    for (const event of [failed, denied]) {
      const steps = stepsOf(event);
      steps.failed("the engine ended with 255");
      expect([steps.of(urn), steps.ending]).toEqual(["refused", "refused"]);
    }
    expect(stepsOf(failed).objects.get(urn)).toMatchObject({
      cluster: "hub",
      kind: "ConfigMap",
      namespace: "shop",
      name: "page",
    });
  });
});
