import { describe, expect, it } from "@jest/globals";
import { shapeSentence } from "../../components/shape-sentence";
import { readParameters as read, wrongParameters } from "../../policies/given-parameters";
import type { Rule } from "../../policies/rule";

const readParameters = (text: string) => read(text, shapeSentence);

const faults = (text: string) => readParameters(text).faults.map(({ path, value }) => [path, value]);

describe("readParameters", () => {
  it("reads what each rule's schema wants", () => {
    const text = [
      "IM-03: { registries: [ghcr.io/acme/, 'reg:5000', localhost, '[::1]:5000'] }",
      "SC-01: { provisioners: [ebs.csi.aws.com] }",
      "SC-03: { zonalProvisioners: [] }",
      "SC-08: { encrypted: { ebs.csi.aws.com: { key: encrypted, value: 'true' } } }",
    ].join("\n");
    const read = readParameters(text);
    expect(read.faults).toEqual([]);
    expect(read.parameters["SC-08"]).toEqual({ encrypted: { "ebs.csi.aws.com": { key: "encrypted", value: "true" } } });
  });

  it("takes an empty file for no parameters", () => expect(readParameters("")).toEqual({ parameters: {}, faults: [] }));

  it("lists every fault with its path and value", () => {
    expect(
      faults(
        "IM-03: { registries: [acme, 1], other: 1 }\nIM-99: {}\nSC-08: { encrypted: { a: { key: k, value: true } } }",
      ),
    ).toEqual([
      ["IM-03.registries[0]", "acme"],
      ["IM-03.registries[1]", 1],
      ["IM-03", { registries: ["acme", 1], other: 1 }],
      ["IM-99", undefined],
      ["SC-08.encrypted.a.value", true],
    ]);
  });

  it("refuses parameters of a rule that takes none", () => {
    expect(faults("IM-01: { tags: [latest] }")).toEqual([["IM-01", { tags: ["latest"] }]]);
  });

  it("refuses what is no map of maps, and what is no YAML", () => {
    expect(faults("IM-03: [ghcr.io]").map(([path]) => path)).toEqual(["IM-03"]);
    expect(faults("IM-03: [").length).toBe(1);
  });

  it("says what the rule takes", () => {
    expect(readParameters("IM-01: { a: 1 }").faults[0]?.message).toMatch(/IM-01 takes no parameters\.$/);
    expect(readParameters("IM-03: {}").faults[0]?.message).toMatch(
      /IM-03 takes registries: Registries, each with an optional path/,
    );
  });

  it("says it in sentences, and no colon where the rule describes nothing", () => {
    const namespaces = { type: "array", items: { type: "string" } };
    const rule = { id: "XA-10", parameters: { type: "object", properties: { namespaces } } } as unknown as Rule;
    const said = (given: object) => wrongParameters(rule, { ...given }, shapeSentence).map(({ message }) => message);
    expect(said({ namespaces: "shop" })).toEqual(["must be a list. XA-10 takes namespaces."]);
    expect(said({ names: [] })).toEqual(["no such parameter: names. XA-10 takes namespaces."]);
  });
});
