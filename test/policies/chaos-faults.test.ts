/** The kinds of faults that the rules know, against those of Chaos Mesh. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { CLOSED_FAULT_KINDS, FAULT_KINDS } from "../../components/chaos-mesh/definitions";
import { catalogue } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { published, publishedDefinition } from "../components/chaos-mesh/published";

const kinds = [...FAULT_KINDS.map(({ kind }) => kind), ...CLOSED_FAULT_KINDS].sort();

/** Field by kind, as `lib/chaos.rego` lists them. */
const fields = new Map(
  [...readFileSync(policiesPath("lib", "chaos.rego"), "utf8").matchAll(/^\t"(\w+Chaos)": "(\w+Chaos)",$/gm)].map(
    ([, kind = "", field = ""]): [string, string] => [kind, field],
  ),
);

describe("rules about faults", () => {
  it.each(["CH-01", "CH-02", "CH-03"])("match every fault, and all that holds one: %s", (id) => {
    const rule = catalogue().rules.find((one) => one.id === id);
    expect(rule?.match.map(({ kind }) => kind)).toEqual([...kinds, "Schedule", "Workflow", "WorkflowNode"]);
  });

  it("know a field for every fault", () => {
    expect([...fields.keys()].sort()).toEqual(kinds);
  });
});

(published ? describe : describe.skip)(
  `Faults in the published kinds${published ? "" : " (skipped: ../shared/upstream is not here)"}`,
  () => {
    const ofSpec = (plural: string) => publishedDefinition(plural).schema.properties?.spec;
    const ofStep = () => ofSpec("workflows")?.properties?.templates?.items;

    it.each([
      ["a Schedule", () => ofSpec("schedules")],
      ["a step of a Workflow", ofStep],
      ["a Schedule that is a step", () => ofStep()?.properties?.schedule],
      ["a WorkflowNode", () => ofSpec("workflownodes")],
      ["the Schedule of a WorkflowNode", () => ofSpec("workflownodes")?.properties?.schedule],
    ])("stand in fields that the rules know: %s", (_, holder) => {
      const found = Object.keys(holder()?.properties ?? {}).filter((name) => name.endsWith("Chaos"));
      expect(found.sort()).toEqual([...fields.values()].sort());
    });
  },
);
