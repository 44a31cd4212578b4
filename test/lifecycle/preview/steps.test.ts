import { describe, expect, it } from "@jest/globals";
import { type EngineEvent, parseEvent, type StepMetadata } from "../../../lifecycle/engine-event";
import { PlannedSteps } from "../../../lifecycle/preview/steps";

const urn = "urn:pulumi:dev::team::a:b:C$kubernetes:core/v1:ConfigMap::hub:ConfigMap/shop/one";
const type = "kubernetes:core/v1:ConfigMap";
const event = (rest: Partial<EngineEvent>): EngineEvent => ({ sequence: 1, timestamp: 0, ...rest });
const step = (op: StepMetadata["op"], rest: Partial<StepMetadata> = {}) =>
  event({ resourcePreEvent: { metadata: { op, urn, type, ...rest } } });
const inputs = (name: string) => ({ type, urn, inputs: { name } });

function planned(...events: readonly EngineEvent[]) {
  const steps = new PlannedSteps();
  for (const one of events) steps.take(one);
  return steps.run;
}

describe("the engine's steps", () => {
  it.each([
    ["deleted before", ["delete-replaced", "replace", "create-replacement"]],
    ["deleted after", ["create-replacement", "replace", "delete-replaced"]],
  ] as const)("are one replacement where the old is %s", (_, ops) => {
    const { resources } = planned(
      ...ops.map((op) =>
        step(op, { old: inputs("old"), ...(op === "delete-replaced" ? {} : { new: inputs("new") }), keys: ["data"] }),
      ),
    );
    expect(resources).toEqual([
      expect.objectContaining({ operation: "replace", old: inputs("old"), new: inputs("new"), keys: ["data"] }),
    ]);
  });

  it.each(["create", "update", "delete", "import"] as const)("are what they are called: %s", (op) => {
    expect(planned(step(op)).resources[0]?.operation).toBe(op);
  });

  it("leave a resource unchanged that is the same, and pass over what is only read", () => {
    expect(planned(step("same"), step("refresh")).resources[0]?.operation).toBe("unchanged");
    expect(planned(step("read")).resources).toEqual([]);
  });

  it("tell a failure, and the words for it once, without marks of colour", () => {
    const said = event({
      diagnosticEvent: {
        urn,
        prefix: "error: ",
        message: "<{%reset%}>no such \u001b[31mkind<{%reset%}>\n",
        severity: "error",
      },
    });
    const run = planned(event({ resOpFailedEvent: { metadata: { op: "create", urn, type } } }), said, said);
    expect(run.resources[0]?.failed).toBe(true);
    expect(run.diagnostics).toEqual([{ urn, severity: "error", message: "no such kind" }]);
    expect(run.ended).toBe(false);
  });

  it("know whether a policy pack judged", () => {
    const end = { durationSeconds: 1, resourceChanges: {} };
    expect(planned(event({ summaryEvent: end })).judged).toBe(false);
    expect(planned(event({ summaryEvent: { ...end, PolicyPacks: { fleetwright: "1" } } }))).toMatchObject({
      judged: true,
      ended: true,
    });
  });
});

it("a line that a program prints is no event", () => {
  expect(
    ["", "hello", '{"a":1}', "{broken", '{"sequence":1,"timestamp":2,"cancelEvent":{}}'].map(
      (line) => parseEvent(line) !== undefined,
    ),
  ).toEqual([...[false, false, false, false, true]]);
});
