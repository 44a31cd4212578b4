import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readCases } from "../../policies/cases";
import { build } from "../../policies/compile/build";
import { findTool } from "../../policies/compile/tool";
import { Catalogue } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { newRule } from "../../policies/new-rule";

const opa = findTool("opa");
let root: string;
let rules: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fleetwright-new-rule-"));
  rules = join(root, "rules");
  for (const name of ["capabilities.json", "lib", "rules"])
    cpSync(policiesPath(name), join(root, name), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

describe("a new rule", () => {
  it("is refused with all that is wrong, and nothing is written", () => {
    expect(() => newRule("Host_Network", "IM-01", rules)).toThrow(
      'the name "Host_Network": use lower-case words, as in host-network\nthe id IM-01: policies/rules/image-tag has it',
    );
    expect(() => newRule("image-tag", "7", rules)).toThrow("policies/rules/image-tag is there already");
    expect(existsSync(join(rules, "Host_Network"))).toBe(false);
  });

  (opa ? it : it.skip)("compiles, and comes to the verdicts of its cases (skipped without opa)", async () => {
    expect(newRule("own-words", "ZZ-01", rules).map((path) => path.slice(rules.length))).toEqual([
      "/own-words/meta.yaml",
      "/own-words/rule.rego",
      "/own-words/cases/first.yaml",
    ]);
    const { compiled } = await build(opa ?? "", root);
    const bytes = (name: string) => compiled.get(name) ?? Buffer.alloc(0);
    const catalogue = new Catalogue(JSON.parse(bytes("rules.json").toString()), new Uint8Array(bytes("policy.wasm")));
    const known = readCases("own-words", rules).filter(({ unknown }) => unknown.length === 0);
    const verdicts = known.map(({ object }) =>
      catalogue.violations(catalogue.rule("ZZ-01"), object, {}).length > 0 ? "deny" : "allow",
    );
    expect(verdicts).toEqual(known.map((one) => one.expect.verdict));
  });
});
