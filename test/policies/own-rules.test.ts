import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { compileOwnRules } from "../../policies/compile/own-build";
import { findTool } from "../../policies/compile/tool";
import { readCatalogue } from "../../policies/engine/catalogue";
import { ownPoliciesFolder, policiesPath } from "../../policies/folder";
import { newRule } from "../../policies/new-rule";
import { compiledOwnRules, OwnRulesError } from "../../policies/own-rules";

const opa = findTool("opa");
let root: string;
let policies: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fleetwright-own-"));
  policies = join(root, "policies");
  writeFileSync(join(root, "Pulumi.yaml"), "name: team\n");
});
afterEach(() => rmSync(root, { recursive: true }));

const begin = (name: string, id: string) => newRule(name, id, join(policies, "rules"), readCatalogue().rules);
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { hostNetwork: true, containers: [] } };

describe("a project's own rules", () => {
  it("lie in the project, wherever in it a command is typed, and nowhere in a checkout of Fleetwright", () => {
    mkdirSync(join(root, "environments"));
    expect(ownPoliciesFolder(join(root, "environments"))).toBe(policies);
    expect(ownPoliciesFolder(policiesPath("rules"))).toBeUndefined();
    expect(compiledOwnRules(policies)).toBeUndefined();
  });

  it("take no family and no name of Fleetwright's", () => {
    expect(() => begin("image-tag", "PS-90")).toThrow(
      /^the name "image-tag": Fleetwright has a rule of that name: choose another\nthe id PS-90: PS is a family of Fleetwright's: choose two letters beside AR, .*SC$/,
    );
    expect(existsSync(policies)).toBe(false);
  });

  it("are refused as long as they are not compiled", () => {
    begin("host-network", "XA-01");
    expect(() => compiledOwnRules(policies)).toThrow(OwnRulesError);
    expect(() => compiledOwnRules(policies)).toThrow("is not compiled yet: run `fleetwright policy compile`");
  });
});

(opa ? describe : describe.skip)("a project's compiled rules (skipped without opa)", () => {
  const compile = () => compileOwnRules(opa ?? "", policies);

  it("judge beside Fleetwright's, each by its own module, and say where they lie", async () => {
    begin("host-network", "XA-01");
    await compile();
    const own = readCatalogue(compiledOwnRules(policies) ?? "");
    const all = readCatalogue(policiesPath("compiled"), [own]);
    expect(all.rules.map(({ id }) => id)).toEqual([...readCatalogue().rules.map(({ id }) => id), "XA-01"]);
    const review = all.review(pod);
    const paths = (id: string) => review.violations(all.rule(id), {}).map(({ path }) => path);
    expect([paths("XA-01"), paths("PS-01"), paths("XA-01")]).toEqual(Array(3).fill(["spec.hostNetwork"]));
    expect([all.folderOf(all.rule("XA-01")), all.folderOf(all.rule("PS-01"))]).toEqual([policies, policiesPath()]);
  });

  it("are the same wherever they were compiled", async () => {
    begin("host-network", "XA-01");
    await compile();
    const module = readFileSync(join(policies, "compiled", "policy.wasm"));
    const elsewhere = join(root, "elsewhere");
    cpSync(join(policies, "rules"), join(elsewhere, "rules"), { recursive: true });
    await compileOwnRules(opa ?? "", elsewhere);
    expect(readFileSync(join(elsewhere, "compiled", "policy.wasm")).equals(module)).toBe(true);
  });

  it.each(["rules/host-network/rule.rego", "rules/host-network/meta.yaml"])(
    "are refused when %s is another one than was compiled",
    async (file) => {
      begin("host-network", "XA-01");
      await compile();
      writeFileSync(join(policies, file), `${readFileSync(join(policies, file), "utf8")}\n`);
      expect(() => compiledOwnRules(policies)).toThrow(
        `policies/${file} is not what ${policies}/compiled was compiled from`,
      );
    },
  );

  it("are refused when one was added and not compiled, and when a library of Fleetwright is another one now", async () => {
    begin("host-network", "XA-01");
    await compile();
    begin("own-words", "XA-02");
    expect(() => compiledOwnRules(policies)).toThrow("policies/rules/own-words/rule.rego is not what");
    rmSync(join(policies, "rules", "own-words"), { recursive: true });
    const manifest = join(policies, "compiled", "manifest.json");
    const text = readFileSync(manifest, "utf8");
    writeFileSync(manifest, text.replace(/("lib\/workload.rego": ")[0-9a-f]{4}/, "$10000"));
    expect(() => compiledOwnRules(policies)).toThrow("policies/lib/workload.rego is not what");
  });
});
