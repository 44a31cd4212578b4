import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { findTool } from "../../../policies/compile/tool";
import { mutantsOf } from "../../../proofs/conformance/mutant";
import { parseRego } from "../../../proofs/conformance/rego-syntax";

const opa = findTool("opa");

const TEXT = `package fleetwright.example

violation contains {"msg": msg, "details": {"path": path}} if {
	some container in input.review.object.spec.containers
	not container.name in {"proxy", "init"}
	count(container.ports) > 2
	is_true(container.open)
	path := "spec.containers"
	msg := "spec.containers are too open"
}

is_true(true)

is_true("yes")
`;

(opa ? describe : describe.skip)("mutants (skipped without opa)", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-mutants-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("change one thing each, and never the words of a message", async () => {
    writeFileSync(join(folder, "rule.rego"), TEXT);
    const mutants = mutantsOf(await parseRego(opa ?? "", folder, "rule.rego", TEXT));
    expect(mutants.map(({ line, change }) => `${line} ${change}`)).toEqual([
      "3 the rule is dropped",
      "5 the condition is dropped",
      "5 not is dropped",
      '5 "proxy" is another text',
      '5 "init" is another text',
      "6 the condition is dropped",
      "6 > becomes <=",
      "6 2 is one more",
      "7 the condition is dropped",
      "7 the condition is negated",
      '8 "spec.containers" is another text',
      "12 the rule is dropped",
      "12 true becomes false",
      "14 the rule is dropped",
      '14 "yes" is another text',
    ]);
    const bound = mutants.find(({ change }) => change === "> becomes <=");
    expect(bound?.text).toBe(TEXT.replace("> 2", "<= 2"));
    expect(bound?.source).toBe("count(container.ports) > 2");
  });
});
