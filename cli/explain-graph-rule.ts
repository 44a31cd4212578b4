/** A rule over sets of objects in full, for whoever it refused. */
import type { Verdict } from "../policies/engine/judge";
import { exemptedObject } from "../policies/exemption";
import { countGraphCases, readGraphCases } from "../policies/graph/graph-cases";
import type { GraphRule } from "../policies/graph/graph-rule";
import { graphRules } from "../policies/graph/graph-rules";
import type { RuleSettings } from "../policies/parameters";
import { loadEnvironment } from "../stacks/environment";
import { policyParameters } from "../stacks/policy-parameters";

/** A rule as its meta.yaml says it, and what an environment's clusters make of it. */
export interface GraphExplanation {
  readonly rule: Omit<GraphRule, "looksAt" | "find">;
  /** Number of cases per expected verdict. */
  readonly cases: Readonly<Record<Verdict, number>>;
  /** By cluster; empty where no environment was asked for. */
  readonly clusters: Readonly<Record<string, RuleSettings>>;
}

const JUDGED_AT: Readonly<Record<GraphRule["points"][number], string>> = {
  check: "policy check and make up, over all objects of a cluster together",
  preview: "previews and updates, over what a stack registers for a cluster",
};

export const graphRule = (asked: string): GraphRule | undefined =>
  graphRules().find(({ id, name }) => id === asked.toUpperCase() || name === asked);

export function graphExplanation(rule: GraphRule, environment: string | undefined): GraphExplanation {
  const { find: _find, looksAt: _looksAt, ...said } = rule;
  const clusters = environment === undefined ? {} : policyParameters(loadEnvironment(environment)).clusters;
  const settings = Object.entries(clusters).flatMap(([cluster, { rules }]): [string, RuleSettings][] => {
    const own = rules[rule.id];
    return own ? [[cluster, own]] : [];
  });
  return { rule: said, cases: countGraphCases(readGraphCases(rule)), clusters: Object.fromEntries(settings) };
}

export function graphRuleText({ cases, clusters, rule }: GraphExplanation): string {
  const { prod, dev = prod } = rule.levels;
  const settings = Object.entries(clusters).flatMap(([cluster, { level, parameters }]) => [
    `  ${cluster}: ${level}`,
    ...(parameters.exemptions ?? []).map((one) => {
      return `    exempt: ${exemptedObject(one)} until ${one.expires}, owner ${one.owner}: ${one.reason}`;
    }),
  ]);
  return [
    `${rule.id} ${rule.name}`,
    rule.title,
    "",
    rule.description,
    "",
    `looks at      ${rule.subject}`,
    `level         ${prod} in production, ${dev} in development`,
    `severity      ${rule.severity}`,
    `judged at     ${rule.points.map((point) => JUDGED_AT[point]).join("; ")}`,
    `cases         ${cases.allow} allowed, ${cases.deny} denied, ${cases.undetermined} left open`,
    ...(settings.length > 0 ? ["", "in this environment", ...settings] : []),
    "",
    "sources",
    ...rule.sources.map((source) => `  ${source}`),
    "",
  ].join("\n");
}
