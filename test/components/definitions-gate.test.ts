import { describe, expect, it, jest } from "@jest/globals";
import { DefinitionsGate, engineSlots } from "../../components/definitions-gate";

/** Names of those that were let through, in turn. */
function arrivals(gate: DefinitionsGate) {
  const through: string[] = [];
  return {
    through,
    arrive: (name: string) => void gate.pass(name).then(() => through.push(name)),
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the gate of definitions", () => {
  it("lets nobody through before all are there", async () => {
    const { arrive, through } = arrivals(new DefinitionsGate(["a", "b", "c"], 10));
    arrive("a");
    arrive("b");
    await settled();
    expect(through).toEqual([]);
    arrive("c");
    await settled();
    expect(through).toEqual(["a", "b", "c"]);
  });

  it("does not wait for a definition that needs no step", async () => {
    const gate = new DefinitionsGate(["a", "b"], 10);
    const { arrive, through } = arrivals(gate);
    arrive("a");
    gate.dismiss("b");
    await settled();
    expect(through).toEqual(["a"]);
  });

  it("knows whom it let through", async () => {
    const gate = new DefinitionsGate(["a", "b"], 10);
    arrivals(gate).arrive("a");
    expect([...gate.passed]).toEqual([]);
    gate.dismiss("b");
    expect([...gate.passed]).toEqual(["a"]);
  });

  it("never keeps all of the engine's slots: with two of them, two are let through at a time", async () => {
    const { arrive, through } = arrivals(new DefinitionsGate(["a", "b", "c", "d", "e"], 2));
    for (const name of ["a", "b", "c"]) arrive(name);
    await settled();
    expect(through).toEqual(["a", "b"]);
    arrive("d");
    arrive("e");
    await settled();
    expect(through).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("is left when nobody else comes, as where the engine met an error and waits for those that it began", async () => {
    jest.useFakeTimers();
    const { arrive, through } = arrivals(new DefinitionsGate(["a", "b"], 10));
    arrive("a");
    await jest.advanceTimersByTimeAsync(9_000);
    expect(through).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(through).toEqual(["a"]);
    jest.useRealTimers();
  });

  it("holds nobody back where one slot is all there is", async () => {
    const { arrive, through } = arrivals(new DefinitionsGate(["a", "b"], 1));
    arrive("a");
    await settled();
    expect(through).toEqual(["a"]);
  });
});

describe("the engine's slots", () => {
  it.each([
    ["300", 300],
    ["", 1],
    ["0", 1],
    ["many", 1],
  ])("are read from %j as %d", (said, slots) => {
    const before = process.env.PULUMI_NODEJS_PARALLEL;
    process.env.PULUMI_NODEJS_PARALLEL = said;
    expect(engineSlots()).toBe(slots);
    if (before === undefined) delete process.env.PULUMI_NODEJS_PARALLEL;
    else process.env.PULUMI_NODEJS_PARALLEL = before;
  });
});
