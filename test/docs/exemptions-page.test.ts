/** The pages of exemptions: their example is a file without faults, and what they show is what is said. */
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { packageRoot } from "../../components/package-root";
import { endedSentence, exemptionsLine, ruleExemptions, standing } from "../../policies/exemption-report";
import { loadEnvironment } from "../../stacks/environment";
import { exemptionEntry } from "../../stacks/exemption-schema";
import { Exemptions, parseExemptions } from "../../stacks/exemptions";
import { policyParameters } from "../../stacks/policy-parameters";
import { textOf } from "../support/sources";

const page = textOf("docs/how-to/exempt-an-object.md");
const [, example = ""] = /```yaml\n(exemptions:[\s\S]*?)```/.exec(page) ?? [];
const now = new Date("2026-11-22T12:00:00Z");
const entries = () =>
  parseExemptions(example, "exemptions.yaml", { environments: { dev: ["hub", "east", "west"] }, now });

describe("docs/how-to/exempt-an-object.md", () => {
  it("shows a file without faults", () => expect(entries()).toHaveLength(1));

  it("shows what is said of it, beside the platform's own", () => {
    const own = new Exemptions(entries()).on("dev", "east")["PS-01"]?.[0];
    if (!own) throw new Error("the example is of PS-01 on east");
    const one = { id: "PS-01", exemption: own };
    expect(page).toContain(endedSentence(one));
    const all = [...ruleExemptions(policyParameters(loadEnvironment("dev", packageRoot()), now)), one];
    const [inForce] = exemptionsLine(standing(all, "2027-03-20"), 0, 0).split("), ");
    expect(page).toContain(`${inForce}), `);
  });
});

describe("docs/reference/exemptions.md", () => {
  it("lists every field of the file", () => {
    const reference = textOf("docs/reference/exemptions.md");
    const { properties = {} } = z.toJSONSchema(exemptionEntry, { io: "input" });
    const { object, ...others } = properties as Record<string, { properties?: object }>;
    const fields = [...Object.keys(others), ...Object.keys(object?.properties ?? {}).map((name) => `object.${name}`)];
    expect(fields.length).toBeGreaterThan(9);
    expect(fields.filter((field) => !reference.includes(`| \`${field}\` |`))).toEqual([]);
  });
});
