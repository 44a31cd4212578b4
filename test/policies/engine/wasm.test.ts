import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { readCases } from "../../../policies/cases";
import { asLibrary, gateModule } from "../../../policies/compile/gate";
import { findTool } from "../../../policies/compile/tool";
import { catalogue } from "../../../policies/engine/catalogue";
import { WasmPolicy } from "../../../policies/engine/wasm";
import { policiesPath } from "../../../policies/folder";
import { exemptedEntrypoint } from "../../../policies/rule";

const opa = findTool("opa");
const compiled = new Uint8Array(readFileSync(policiesPath("compiled", "policy.wasm")));

describe("WasmPolicy", () => {
  it("offers two decisions per rule: its violations, and what exemptions cover", () => {
    expect([...new WasmPolicy(compiled).entrypoints].sort()).toEqual(
      catalogue()
        .rules.flatMap((rule) => [rule.entrypoint, exemptedEntrypoint(rule)])
        .sort(),
    );
  });

  it("names the decision that does not exist", () => {
    expect(() => new WasmPolicy(compiled).load({}).evaluate("fleetwright/nothing/violation")).toThrow(
      'the compiled rules have no decision fleetwright/nothing/violation: run "npm run rules"',
    );
  });

  it("answers the same after a large input as before it, and grows its memory for it", () => {
    const policy = new WasmPolicy(compiled);
    const pod = (image: string, ballast: string) => ({
      review: { object: { apiVersion: "v1", kind: "Pod", metadata: { ballast }, spec: { containers: [{ image }] } } },
      parameters: {},
    });
    const ask = (image: string, ballast = "") =>
      policy.load(pod(image, ballast)).evaluate("fleetwright/image_tag/violation");
    const before = ask("nginx");
    expect(ask("nginx:1.0", "é".repeat(2_000_000))).toEqual([]);
    expect(ask("nginx", "x".repeat(3_000_000))).toEqual(before);
    expect(ask("nginx")).toEqual(before);
    expect(before).toHaveLength(1);
  });

  it("reads an object once, and tells each decision the parameters that are given with it", () => {
    const policy = new WasmPolicy(compiled);
    const container = { image: "ghcr.io/acme/app" };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "app" }, spec: { containers: [container] } };
    const one = policy.load({ review: { object: pod } });
    const within = (registries: string[]) =>
      one.evaluate("fleetwright/image_registry/violation", { parameters: { registries } });
    expect(within(["quay.io"])).toHaveLength(1);
    container.image = "quay.io/a/b";
    expect(within(["ghcr.io/acme"])).toEqual([]);
    expect(one.evaluate("fleetwright/image_tag/violation", { parameters: {} })).toHaveLength(1);
    expect(within(["quay.io"])).toHaveLength(1);
  });

  it("mixes up no two objects that are asked about in turn", () => {
    const policy = new WasmPolicy(compiled);
    const asked = ["nginx", "nginx:1", "nginx:latest", "a".repeat(300_000)].map((image) => {
      const object = { apiVersion: "v1", kind: "Pod", spec: { containers: [{ image }] } };
      const others = { parameters: {} };
      return {
        loaded: policy.load({ review: { object } }),
        alone: new WasmPolicy(compiled).load({ review: { object }, ...others }),
        others,
      };
    });
    for (const { loaded, alone, others } of [...asked, ...asked.toReversed(), ...asked]) {
      for (const entrypoint of ["fleetwright/image_tag/violation", "fleetwright/run_as_non_root/violation"]) {
        expect(loaded.evaluate(entrypoint, others)).toEqual(alone.evaluate(entrypoint));
      }
    }
  });

  it("refuses a module that is none", () => {
    expect(() => new WasmPolicy(new Uint8Array([0, 1, 2, 3]))).toThrow(WebAssembly.CompileError);
  });

  it("refuses a module of another ABI", () => {
    const empty = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    expect(() => new WasmPolicy(empty)).toThrow(
      "the compiled rules speak ABI ., this reads 1.2 and later of 1: compile again",
    );
  });
});

(opa ? describe : describe.skip)("WasmPolicy beside opa (skipped without the tool)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-wasm-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const compile = (rego: string) => {
    writeFileSync(join(folder, "rule.rego"), rego);
    const words = ["build", "-t", "wasm", "-e", "probe/value", "-o", "bundle.tar.gz", "rule.rego"];
    execFileSync(opa ?? "", words, { cwd: folder });
    execFileSync("tar", ["-xzf", "bundle.tar.gz", "/policy.wasm"], { cwd: folder, stdio: "ignore" });
    return new WasmPolicy(new Uint8Array(readFileSync(join(folder, "policy.wasm"))));
  };

  it("refuses a rule that needs its host's builtins", () => {
    expect(() => compile('package probe\n\nvalue := sprintf("%v", [input.a])\n')).toThrow(
      "the rules need sprintf of their host: use builtins of capabilities.json only",
    );
  });

  it("tells undefined from false, and sets come as lists", () => {
    const policy = compile("package probe\n\nvalue := {x | some x in input.list} if input.list\n");
    expect(policy.load({}).evaluate("probe/value")).toBeUndefined();
    expect([policy.load({ list: ["b", "a", "a"] }).evaluate("probe/value")].flat().sort()).toEqual(["a", "b"]);
    expect(compile("package probe\n\nvalue := false\n").load({}).evaluate("probe/value")).toBe(false);
  });

  it("is an error, never an allow, when a rule contradicts itself", () => {
    const policy = compile("package probe\n\nvalue := 1 if input.a\n\nvalue := 2 if input.b\n");
    expect(policy.load({ a: true }).evaluate("probe/value")).toBe(1);
    expect(() => policy.load({ a: true, b: true }).evaluate("probe/value")).toThrow("the rules ended with: ");
    expect(policy.load({ b: true }).evaluate("probe/value")).toBe(2);
    const loaded = policy.load({ a: true });
    expect(() => loaded.evaluate("probe/value", { b: true })).toThrow("the rules ended with: ");
    expect(loaded.evaluate("probe/value")).toBe(1);
  });

  it("finds what opa eval finds in every case, message by message", () => {
    const policy = new WasmPolicy(compiled);
    const inputsOf = (rule: string) =>
      readCases(rule).map(({ object, parameters }) => ({ review: { object }, parameters }));
    const sorted = (found: unknown) => [...(found as { msg: string }[])].sort((a, b) => (a.msg < b.msg ? -1 : 1));
    for (const rule of catalogue().rules) {
      const inputs = inputsOf(rule.name);
      writeFileSync(join(folder, "inputs.json"), JSON.stringify({ inputs }));
      const decision = `data.${rule.entrypoint.replaceAll("/", ".")}`;
      const query = `[found | some one in data.inputs; found := ${decision} with input as one]`;
      const rego = readFileSync(policiesPath("rules", rule.name, "rule.rego"), "utf8");
      writeFileSync(join(folder, "library.rego"), asLibrary(rule.name, rego));
      writeFileSync(join(folder, "gate.rego"), gateModule(rule.name));
      const data = [
        policiesPath("lib"),
        ...["library.rego", "gate.rego", "inputs.json"].map((file) => join(folder, file)),
      ];
      const words = ["eval", "--format=raw", ...data.map((path) => `--data=${path}`), query];
      const witness: unknown[] = JSON.parse(execFileSync(opa ?? "", words, { encoding: "utf8", maxBuffer: 1 << 26 }));
      expect(inputs.map((input) => sorted(policy.load(input).evaluate(rule.entrypoint)))).toEqual(witness.map(sorted));
    }
  });
});
