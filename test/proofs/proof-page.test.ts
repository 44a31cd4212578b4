import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { proofLevels } from "../../components/proof-levels";
import { ensureUpstream } from "../../components/upstream";
import { proofPage } from "../../proofs/proof-page";

const root = join(__dirname, "..", "..");

beforeAll(() => ensureUpstream());

describe("docs/proof.md", () => {
  it("is what `make prove` writes", () => {
    expect(readFileSync(join(root, "docs", "proof.md"), "utf8")).toBe(proofPage());
  });

  it("names only tests that exist", () => {
    const named = Object.values(proofLevels()).flatMap(({ tests }) => tests);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
