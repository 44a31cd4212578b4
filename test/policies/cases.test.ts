import { describe, expect, it } from "@jest/globals";
import { readCases } from "../../policies/cases";
import { catalogue } from "../../policies/engine/catalogue";
import { judge } from "../../policies/engine/judge";
import { parsePath } from "../../policies/engine/path";

describe.each(catalogue().rules.map((rule) => [rule.id, rule] as const))("%s, compiled", (_id, rule) => {
  const cases = readCases(rule.name);

  it.each(cases.map((one) => [one.file, one.name, one] as const))("%s: %s", (_file, _name, one) => {
    const subject = { object: one.object, unknown: one.unknown.map(parsePath) };
    const results = judge(subject, () => ({ level: "deny", parameters: one.parameters }), [rule]);
    const paths = one.expect.verdict === "allow" ? [""] : one.expect.paths;
    expect(results.map(({ verdict, path }) => [verdict, path]).sort()).toEqual(
      [...paths].sort().map((path) => [one.expect.verdict, path]),
    );
  });

  it("has at least four cases that it allows and four that it denies", () => {
    const count = (verdict: string) => cases.filter((one) => one.expect.verdict === verdict).length;
    expect(Math.min(count("allow"), count("deny"))).toBeGreaterThanOrEqual(4);
  });

  it("starts each message with the path, so that a refusal by kubectl says where", () => {
    const denied = cases.filter((one) => one.expect.verdict === "deny" && one.unknown.length === 0);
    const violations = denied.flatMap((one) => catalogue().violations(rule, one.object, one.parameters));
    expect(violations.filter(({ message, path }) => !message.startsWith(`${path} `))).toEqual([]);
  });
});
