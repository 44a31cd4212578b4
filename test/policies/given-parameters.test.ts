import { describe, expect, it } from "@jest/globals";
import { readParameters } from "../../policies/given-parameters";

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
});
