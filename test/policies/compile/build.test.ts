import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readCases } from "../../../policies/cases";
import { build, sourceFiles } from "../../../policies/compile/build";
import { readRules } from "../../../policies/compile/rule-folders";
import { findTool } from "../../../policies/compile/tool";
import { Catalogue, type Manifest, readCatalogue, sha256 } from "../../../policies/engine/catalogue";
import { policiesPath } from "../../../policies/folder";

const opa = findTool("opa");
const compiled = policiesPath("compiled");
const committed = (path: string) => readFileSync(join(compiled, path));
const manifest: Manifest = JSON.parse(committed("manifest.json").toString("utf8"));

describe("the committed rules", () => {
  it("were compiled from the sources that lie beside them", () => {
    const files = sourceFiles(policiesPath(), readRules());
    expect(Object.fromEntries(files.map((path) => [path, sha256(readFileSync(policiesPath(path)))]))).toEqual(
      manifest.sources,
    );
  });

  it("are what their manifest lists, and nothing else", () => {
    const files = readdirSync(compiled, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(compiled.length + 1))
      .filter((path) => path !== "manifest.json");
    expect(Object.fromEntries(files.map((path) => [path, sha256(committed(path))]))).toEqual(manifest.compiled);
  });

  it("are refused when a compiled file is another one", () => {
    const folder = mkdtempSync(join(tmpdir(), "fleetwright-stale-"));
    cpSync(compiled, folder, { recursive: true });
    expect(readCatalogue(folder).rules).toHaveLength(readRules().length);
    const changed = committed("policy.wasm");
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    writeFileSync(join(folder, "policy.wasm"), changed);
    expect(() => readCatalogue(folder)).toThrow(
      'policies/compiled/policy.wasm is not what its manifest lists: run "npm run rules"',
    );
    rmSync(folder, { recursive: true });
  });

  it("have one decision per rule", () => {
    expect(readCatalogue().rules.map(({ entrypoint }) => entrypoint)).toEqual(manifest.entrypoints);
  });
});

(opa ? describe : describe.skip)("compiled again (skipped without opa)", () => {
  it("the rules are byte by byte the committed ones, and so is their page", async () => {
    const { compiled: rebuilt, page } = await build(opa ?? "");
    const stale = [...rebuilt].filter(([path, bytes]) => !bytes.equals(committed(path))).map(([path]) => path);
    expect(stale).toEqual([]);
    expect(page).toBe(readFileSync(policiesPath("..", "docs", "reference", "rules.md"), "utf8"));
  });

  it("the rule of docs/how-to/write-a-rule.md compiles, and comes to the verdicts of its cases", async () => {
    const page = readFileSync(policiesPath("..", "docs", "how-to", "write-a-rule.md"), "utf8");
    const [meta = "", cases = ""] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = ""]) => block);
    const [rego = ""] = [...page.matchAll(/```rego\n(.*?)```/gs)].map(([, block = ""]) => block);
    const root = mkdtempSync(join(tmpdir(), "fleetwright-rule-"));
    for (const name of ["capabilities.json", "lib", "rules"])
      cpSync(policiesPath(name), join(root, name), { recursive: true });
    mkdirSync(join(root, "rules", "host-network", "cases"), { recursive: true });
    writeFileSync(join(root, "rules", "host-network", "meta.yaml"), meta);
    writeFileSync(join(root, "rules", "host-network", "rule.rego"), rego);
    writeFileSync(join(root, "rules", "host-network", "cases", "pods.yaml"), cases);
    const { compiled: files } = await build(opa ?? "", root);
    const bytes = (name: string) => files.get(name) ?? Buffer.alloc(0);
    const catalogue = new Catalogue(JSON.parse(bytes("rules.json").toString()), new Uint8Array(bytes("policy.wasm")));
    const known = readCases("host-network", join(root, "rules")).filter(({ unknown }) => unknown.length === 0);
    const paths = (object: unknown) =>
      catalogue.violations(catalogue.rule("PS-90"), object, {}).map(({ path }) => path);
    expect(known.map(({ object }) => paths(object))).toEqual([["spec.hostNetwork"], []]);
    rmSync(root, { recursive: true });
  });

  it("a rule with a builtin that is not portable is refused, in opa's words", async () => {
    const root = mkdtempSync(join(tmpdir(), "fleetwright-rule-"));
    for (const name of ["capabilities.json", "lib", "rules"])
      cpSync(policiesPath(name), join(root, name), { recursive: true });
    const rule = join(root, "rules", "image-tag", "rule.rego");
    writeFileSync(rule, readFileSync(rule, "utf8").replace("image.unreadable(path)", 'sprintf("%v", [path])'));
    await expect(build(opa ?? "", root)).rejects.toThrow("undefined function sprintf");
    rmSync(root, { recursive: true });
  });

  it("the portable builtins are declared as this opa declares them", () => {
    const said = JSON.parse(execFileSync(opa ?? "", ["capabilities", "--current"], { encoding: "utf8" }));
    const portable = JSON.parse(readFileSync(policiesPath("capabilities.json"), "utf8"));
    const own = new Map<string, object>(said.builtins.map((builtin: { name: string }) => [builtin.name, builtin]));
    // opa adds words for people to the types of arguments
    const typeOf = (builtin: object | undefined) =>
      JSON.parse(
        JSON.stringify(Object(builtin).decl, (key, value) => (/^(name|description)$/.test(key) ? undefined : value)),
      );
    const wrong = portable.builtins.filter(
      (builtin: { name: string }) => JSON.stringify(typeOf(builtin)) !== JSON.stringify(typeOf(own.get(builtin.name))),
    );
    expect(wrong).toEqual([]);
  });
});
