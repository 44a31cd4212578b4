import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { base, changed, combinations, componentSource, corpus } from "../../../proofs/truth/change";
import { parseEnvironment } from "../../../stacks/environment";

describe("the corpus of changes", () => {
  it("has at least 25, each by a name of its own", () => {
    const names = corpus().map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(25);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(corpus().map((change) => [change.name, change] as const))(
    "makes an environment that is valid: %s",
    (_, change) => {
      expect(() => parseEnvironment(stringify(changed(change)), "truth.yaml")).not.toThrow();
      for (const objects of Object.values(change.own)) {
        const exported: { exports: { objects?: () => unknown } } = { exports: {} };
        new Function("module", componentSource(objects))(exported);
        expect(exported.exports.objects?.()).toEqual(objects);
      }
    },
  );

  it("changes the base, where it does, and nothing but what it says", () => {
    const change = corpus().find(({ name }) => name === "removed namespace of a tenant");
    expect(change && changed(change)).toMatchObject({ tenants: { shop: { namespaces: { shop: { cpu: "8" } } } } });
    expect(change && JSON.stringify(changed(change))).not.toContain("shop-jobs");
    expect(JSON.stringify(base())).toContain("shop-jobs");
  });

  it("is combined by a seed: the same seed, the same changes, and all of them valid", () => {
    const made = combinations(corpus(), 7, 6);
    expect(made).toEqual(combinations(corpus(), 7, 6));
    expect(made).not.toEqual(combinations(corpus(), 8, 6));
    expect(made.every(({ name }) => name.includes(" + "))).toBe(true);
    for (const change of made) expect(() => parseEnvironment(stringify(changed(change)), "truth.yaml")).not.toThrow();
  });
});
