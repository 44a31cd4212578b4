import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { proofLevels } from "../../components/proof-levels";

const both = [...Object.entries(proofLevels()), ...Object.entries(proofLevels(["cert-manager"]))];

describe("a proof", () => {
  it.each(both)("of %s names tests that exist", (_, { tests }) => {
    expect(tests.filter((file) => !existsSync(join(packageRoot(), file)))).toEqual([]);
    expect(tests).not.toHaveLength(0);
  });

  it.each(both)("of %s says in one sentence what is not proved", (_, { notProved }) => {
    expect(notProved.why).toMatch(/^[A-Z].*\.$/);
    expect(notProved.what).not.toMatch(/\.$/);
  });

  it("of cert-manager reaches its programs only where they run", () => {
    expect(proofLevels()["cert-manager"].level).toBe("C");
    expect(proofLevels(["cert-manager"])["cert-manager"]).toMatchObject({
      level: "B",
      notProved: { what: "that certificates are issued" },
    });
  });
});
