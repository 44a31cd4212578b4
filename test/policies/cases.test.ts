import { describe, expect, it } from "@jest/globals";
import { readCases } from "../../policies/cases";
import { catalogue } from "../../policies/engine/catalogue";
import type { AnyObject } from "../../policies/engine/match";
import { wrongVerdict } from "../../policies/run-cases";
import { withoutNulls } from "../../proofs/conformance/stored-form";

describe.each(catalogue().rules.map((rule) => [rule.id, rule] as const))("%s, compiled", (_id, rule) => {
  const cases = readCases(rule.name);

  it.each(cases.map((one) => [one.file, one.name, one] as const))("%s: %s", (_file, _name, one) => {
    expect(wrongVerdict(rule, one)).toEqual([]);
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

  it("says the same of an object with its defaults and without its nulls, as the API server keeps it", () => {
    const known = cases.filter((one) => one.unknown.length === 0);
    const differ = known.filter((one) => {
      const stored = asStored(one.object);
      return wrongVerdict(rule, { ...one, object: stored }).length > 0;
    });
    expect(differ.map(({ name }) => name)).toEqual([]);
  });
});

/** Nulls dropped, and the fields that the API server adds. */
function asStored(object: AnyObject): AnyObject {
  const kept = withoutNulls(object);
  const metadata = {
    ...(kept.metadata as object),
    uid: "1",
    resourceVersion: "1",
    managedFields: [],
    generation: 1,
  };
  const defaults = object.kind === "StorageClass" ? { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" } : {};
  return { ...defaults, ...kept, metadata, status: {} };
}
