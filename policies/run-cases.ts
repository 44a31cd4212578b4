/** Runs every case of every rule: through the compiled rules, and through Gatekeeper's engine where gator is installed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { casesOf, type RuleCase } from "./cases";
import { writeSuites } from "./compile/suite";
import { findTool } from "./compile/tool";
import { catalogue } from "./engine/catalogue";
import { judge } from "./engine/judge";
import { parsePath } from "./engine/path";
import { readGraphCases, wrongGraphVerdict } from "./graph/graph-cases";
import type { GraphRule } from "./graph/graph-rule";
import { graphRules as allGraphRules } from "./graph/graph-rules";
import type { Rule } from "./rule";

/** A case whose verdict or paths were not the expected ones. */
export interface CaseFailure {
  readonly id: string;
  /** `file: case`. */
  readonly name: string;
  readonly engine: "wasm" | "gator" | "graph";
  readonly message: string;
}

export interface TestReport {
  readonly failures: readonly CaseFailure[];
  readonly summary: {
    /** Cases through the compiled rules, and of rules over sets of objects. */
    readonly passed: number;
    readonly failed: number;
    /** What Gatekeeper's engine said of the suites; `skipped` when gator is not installed. */
    readonly gator: "passed" | "failed" | "skipped";
  };
}

/** @param graphRules those over sets of objects */
export async function runCases(rules = catalogue().rules, graphRules = allGraphRules()): Promise<TestReport> {
  const cases = rules.flatMap((rule) => casesOf(rule).map((one) => ({ rule, one })));
  const ofSets = graphRules.map(runGraphCases);
  const wrong = [
    ...cases.flatMap(({ rule, one }) => wrongVerdict(rule, one)),
    ...ofSets.flatMap(({ failures }) => failures),
  ];
  const gator = findTool("gator");
  const refused = gator ? await gatorFailures(gator, rules) : [];
  const count = ofSets.reduce((sum, { length }) => sum + length, cases.length);
  return {
    failures: [...wrong, ...refused],
    summary: {
      passed: count - wrong.length,
      failed: wrong.length + refused.length,
      gator: gator ? (refused.length > 0 ? "failed" : "passed") : "skipped",
    },
  };
}

function runGraphCases(rule: GraphRule): { readonly length: number; readonly failures: CaseFailure[] } {
  const cases = readGraphCases(rule);
  const failures = cases.flatMap((one): CaseFailure[] => {
    const message = wrongGraphVerdict(rule, one);
    return message === undefined ? [] : [{ id: rule.id, name: `${one.file}: ${one.name}`, engine: "graph", message }];
  });
  return { length: cases.length, failures };
}

/** None, or how the compiled rule's answer differs from what the case expects. */
export function wrongVerdict(rule: Rule, one: RuleCase): CaseFailure[] {
  const subject = { object: one.object, unknown: one.unknown.map(parsePath) };
  const results = judge(subject, () => ({ level: "deny", parameters: one.parameters }), [rule]);
  const paths = one.expect.verdict === "allow" ? [""] : one.expect.paths;
  const judged = results.filter(({ exemption }) => exemption === undefined);
  const said = judged.length === 0 ? ["allow"] : judged.map(({ verdict, path }) => `${verdict} ${path}`.trim()).sort();
  const wanted = paths.map((path) => `${one.expect.verdict} ${path}`.trim()).sort();
  if (said.join() === wanted.join()) return [];
  const message = `said ${said.join(", ") || "nothing"}, expected ${wanted.join(", ")}`;
  return [{ id: rule.id, name: `${one.file}: ${one.name}`, engine: "wasm", message }];
}

async function gatorFailures(gator: string, rules: readonly Rule[]): Promise<CaseFailure[]> {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-suites-"));
  try {
    writeSuites(folder, rules);
    const runs = rules.map(async (rule) => {
      const run = await execa(gator, ["verify", join(folder, rule.name)], { reject: false });
      return { rule, run };
    });
    return (await Promise.all(runs))
      .filter(({ run }) => run.failed)
      .map(({ rule, run }) => ({ id: rule.id, name: "suite", engine: "gator", message: run.stderr || run.stdout }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
