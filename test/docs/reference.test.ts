import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { referencePages } from "../../proofs/reference-pages";
import { environmentFields } from "../../proofs/reference-pages/environment-fields";

describe("the reference", () => {
  it("is what `npm run reference` would write now", () => {
    for (const [path, text] of Object.entries(referencePages())) {
      expect({ path, text: readFileSync(join(packageRoot(), path), "utf8") }).toEqual({ path, text });
    }
  });

  it("takes meaning, bound and default of a field from where they are written", () => {
    const fields = environmentFields();
    expect(fields.find(({ path }) => path === "tenants.<name>.namespaces.<name>.pods")).toEqual({
      path: "tenants.<name>.namespaces.<name>.pods",
      type: "1–10000",
      required: false,
      schemaDefault: "50",
      saidDefault: "50",
      meaning: "Most pods at once, 1–10000.",
    });
    expect(fields.find(({ path }) => path === "slos.<name>.objective")?.type).toBe("0.9–0.99999");
    expect(fields.filter(({ required }) => required).map(({ path }) => path)).toContain("clusters.<name>.kubernetes");
  });

  it("lists the fields of each variant, and says which of them has a field", () => {
    const below = (prefix: string) =>
      environmentFields()
        .filter(({ path }) => path.startsWith(prefix))
        .map(({ meaning, path, type }) => ({ field: path.slice(prefix.length), type, meaning }));
    expect(below("slos.<name>.sli").slice(0, 2)).toMatchObject([
      { field: "", type: "fields, by kind" },
      { field: ".kind", type: "istio | availability | latency | raw", meaning: expect.stringContaining("`raw`: Two") },
    ]);
    const errors = below("slos.<name>.sli.errors").map(({ meaning }) => meaning);
    expect(errors).toMatchObject([/^With `availability`: Counter of bad/, /^With `raw`: Bad events/].map(matching));
    expect(below("experiments.<name>.abort")).toMatchObject([
      { field: "", type: "slo | fields" },
      { field: ".query", type: "text" },
      { field: ".threshold", type: "number" },
    ]);
    const storage = below("components.jaeger.storage.");
    expect(storage.filter(({ field }) => field === "username")).toHaveLength(1);
    expect(storage.find(({ field }) => field === "urls")?.meaning).toMatch(/^With `elasticsearch` and `opensearch`: /);
    const [kind] = below("experiments.<name>.fault.kind");
    expect(kind?.meaning).toMatch(
      /^`pod-kill`: Pods are deleted once, .* `clock-skew`: Processes see a wrong clock\.$/,
    );
  });
});

const matching = (pattern: RegExp) => expect.stringMatching(pattern);
