/** `fleetwright policy audit`: what runs, judged by the rules, beside what Gatekeeper's audit says of it. */
import { Command } from "commander";
import { AuditError, auditCluster, type ClusterAudit } from "../lifecycle/cluster-audit";
import { plainTable } from "../lifecycle/fleet";
import { auditStack, type StackAudit, StackAuditError } from "../lifecycle/stack-audit";
import type { RuleAudit } from "../policies/audit";
import { ClusterUnreachable } from "../stacks/live-cluster";
import { projectRoot } from "../stacks/project";
import { environmentOf, environmentOption } from "./environment-option";
import { CliError, type Format, printDocument } from "./output";
import { rulesOf, rulesOption } from "./rules-option";
import { nameOf, violationTable } from "./violation-table";

interface AuditOptions {
  readonly environment: string;
  readonly stack?: string;
  readonly cluster?: string;
  readonly rules?: string;
  readonly output: Format;
}

export function auditCommand(): Command {
  return new Command("audit")
    .summary("judge what is deployed, and compare with Gatekeeper's audit")
    .description(
      "Judges the live objects of each cluster as the environment configures the rules, and compares rule by rule with what\n" +
        "Gatekeeper's last audit wrote into its constraints: what both say, what only one says, which constraints are not the\n" +
        "environment's. Where there is no Gatekeeper it judges alone. Objects that changed since that audit are not compared.\n" +
        "With --stack it judges the state of a Pulumi stack instead, and asks no cluster. Changes nothing.\n" +
        "Exits 3 when something is denied by a rule whose level is deny or the two differ, 5 when something could not be known.\n\n" +
        "  fleetwright policy audit -e prod --cluster eu-1\n" +
        "  fleetwright policy audit -e prod --stack prod-eu-1",
    )
    .addOption(environmentOption())
    .option("--stack <name>", "the state of this Pulumi stack; with --cluster both are judged")
    .option("--cluster <name>", "this cluster of the environment (default: all, unless there is --stack)")
    .addOption(rulesOption())
    .action(async (options: AuditOptions) => {
      const environment = environmentOf(options);
      const rules = rulesOf(options);
      const root = projectRoot();
      const names = options.cluster ? [options.cluster] : options.stack ? [] : Object.keys(environment.clusters);
      const stack = options.stack && (await known(auditStack(environment, { root, stack: options.stack })));
      const clusters: ClusterAudit[] = [];
      for (const name of names) clusters.push(await known(auditCluster(environment, root, name, rules)));
      const report = summed({ ...(stack ? { stack: only(stack, rules) } : {}), clusters });
      if (options.output === "table") process.stdout.write(text(report));
      else printDocument("PolicyAudit", { environment: environment.name, ...report }, options.output);
      process.exitCode = exitCodeOf(report);
    });
}

interface Audits {
  readonly stack?: StackAudit;
  readonly clusters: readonly ClusterAudit[];
}

type Report = Audits & {
  readonly summary: {
    readonly deny: number;
    readonly undetermined: number;
    /** How many of these refuse. */
    readonly refused: number;
    /** Violations of clusters on which both agree. */
    readonly agreed: number;
    /** Rules by what came of the comparison. */
    readonly rules: Readonly<Record<RuleAudit["outcome"], number>>;
  };
};

/** What ends an audit and a user can mend, as a sentence. */
async function known<T>(audit: Promise<T>): Promise<T> {
  try {
    return await audit;
  } catch (error) {
    if (error instanceof AuditError) throw new CliError("ClusterUnknown", error.message, 2);
    if (error instanceof StackAuditError) throw new CliError("StackNotReady", error.message, 4);
    if (error instanceof ClusterUnreachable) throw new CliError("ClusterNotReady", error.message, 4);
    throw error;
  }
}

/** What rules were not asked for is left out, but never that nothing could be judged. */
function only(stack: StackAudit, rules: readonly { id: string }[]): StackAudit {
  const ids = new Set(["rules", ...rules.map(({ id }) => id)]);
  return { ...stack, violations: stack.violations.filter(({ id }) => ids.has(id)) };
}

const foundIn = ({ stack, clusters }: Audits) => [
  ...(stack?.violations ?? []),
  ...clusters.flatMap(({ results }) => results),
];

function summed(audits: Audits): Report {
  const found = foundIn(audits);
  const count = (verdict: string) => found.filter((one) => one.verdict === verdict).length;
  const rules = audits.clusters.flatMap((cluster) => cluster.audits);
  const outcomes = (outcome: RuleAudit["outcome"]) => rules.filter((rule) => rule.outcome === outcome).length;
  return {
    ...audits,
    summary: {
      deny: count("deny"),
      undetermined: count("undetermined"),
      refused: found.filter(({ refuses }) => refuses).length,
      agreed: rules.reduce((sum, { agreed }) => sum + agreed, 0),
      rules: { agrees: outcomes("agrees"), differs: outcomes("differs"), unknown: outcomes("unknown") },
    },
  };
}

function exitCodeOf({ summary, ...audits }: Report): 0 | 3 | 5 {
  const refusing = foundIn(audits).filter(({ refuses }) => refuses);
  if (refusing.some(({ verdict }) => verdict === "deny") || summary.rules.differs > 0) return 3;
  return refusing.length > 0 || summary.rules.unknown > 0 ? 5 : 0;
}

function text({ stack, clusters, summary }: Report): string {
  const { agrees, differs, unknown } = summary.rules;
  const compared = agrees + differs + unknown;
  return [
    ...(stack ? [stackText(stack)] : []),
    ...clusters.map(clusterText),
    `${summary.deny} denied, ${summary.undetermined} undetermined, ${summary.refused} of them refused\n`,
    ...(compared > 0
      ? [
          `Gatekeeper's audit of ${compared} rules: ${agrees} agree, ${differs} differ, ${unknown} could not be compared\n`,
        ]
      : []),
  ].join("");
}

function stackText({ stack, violations }: StackAudit): string {
  const lines = violations.map(({ resource: { type, name }, refuses, ...one }) => ({
    ...one,
    level: refuses ? "deny" : "warn",
    resource: `${type.split(":").at(-1)} ${name}`,
  }));
  return `stack ${stack}\n\n${violationTable(lines)}`;
}

function clusterText({ cluster, gatekeeper, objects, results, audits }: ClusterAudit): string {
  const lines = results
    .filter(({ verdict }) => verdict !== "allow")
    .map(({ resource, ...one }) => ({ ...one, resource: nameOf(resource) }));
  const absent = gatekeeper === "absent" ? "; Gatekeeper is not installed there: these are judged here alone" : "";
  return `cluster ${cluster}: ${objects} objects${absent}\n\n${violationTable(lines)}${auditText(audits)}`;
}

/** Rules that have something to say; what agrees on nothing found is counted at the end. */
function auditText(audits: readonly RuleAudit[]): string {
  const shown = audits.filter(({ outcome, gatekeeper = 0 }) => outcome !== "agrees" || gatekeeper > 0);
  if (shown.length === 0) return "";
  const rows = shown.map(({ id, outcome, gatekeeper = "-", fleetwright, agreed, auditTimestamp = "never" }) =>
    [id, outcome, gatekeeper, fleetwright, agreed, auditTimestamp].map(String),
  );
  const notes = shown.flatMap(({ id, differences, changedSince, reasons }) => [
    ...differences.map(
      (one) =>
        `${id}: ${one.by === "constraint" ? one.message : `only ${one.by} denies ${nameOf(one.resource)}: ${one.message}`}`,
    ),
    ...changedSince.map((resource) => `${id}: ${nameOf(resource)} changed since that audit and is not compared`),
    ...reasons.map((reason) => `${id}: ${reason}`),
  ]);
  const table = plainTable(["rule", "outcome", "gatekeeper", "here", "agreed", "audited"], rows);
  return `${table}\n${notes.map((note) => `  ${note}\n`).join("")}\n`;
}
