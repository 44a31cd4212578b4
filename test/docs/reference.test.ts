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
    expect(fields.filter(({ required }) => required).map(({ path }) => path)).toContain("clusters.<name>.kubernetes");
  });
});
