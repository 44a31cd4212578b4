/** The report as people read it. */
import Table from "cli-table3";
import type { PolicyCost } from "./policy-cost";
import type { BenchReport, PolicyCostReport } from "./report";
import type { Target } from "./targets";

/** Everything of the report but its machine-only fields; a missed target stands as plainly as a met one. */
export function tablesOf(report: BenchReport): string {
  const { objects, policyCost } = report;
  return [
    machineLine(report),
    `Seconds, engine beside kubectl; the engine's ups and destroys are without checkpoints`,
    growthTable(report),
    `CPU seconds of each process at ${objects} objects: where the time goes`,
    cpuTable(report),
    ...(policyCost ? policyLines(policyCost) : []),
    ...devLines(report),
    "Targets",
    targetTable(report.targets),
  ].join("\n");
}

/** The report of a run that asked for nothing else. */
export function policyCostTables(report: PolicyCostReport): string {
  const lines = [machineLine(report), ...policyLines(report.policyCost), "Targets", targetTable(report.targets)];
  return lines.join("\n");
}

function machineLine({ machine }: PolicyCostReport | BenchReport): string {
  const { load } = machine;
  const isBusy = load.before > machine.processors || load.after > machine.processors * 2;
  return (
    `${machine.processors} x ${machine.processor}, ${machine.memoryMiB} MiB, Node ${machine.node}, load ${load.before} before and ${load.after} after` +
    (isBusy ? ": the machine had other work, so times are long and ratios uncertain" : "")
  );
}

function policyLines({ rules, judgeMilliseconds, admissionMilliseconds }: PolicyCost): string[] {
  const table = new Table({ head: ["milliseconds", "median", "p95", "p99"], style: { head: [], border: [] } });
  const { withoutGatekeeper, withoutRules, withRules } = admissionMilliseconds;
  const rows = {
    [`a Deployment of 4 containers by the pack, ${rules} rules`]: judgeMilliseconds,
    "a Pod of 4 containers created, no webhook": withoutGatekeeper,
    "a Pod of 4 containers created, Gatekeeper without constraints": withoutRules,
    "a Pod of 4 containers created, Gatekeeper with the rules of dev": withRules,
  };
  for (const [name, { p50, p95, p99 }] of Object.entries(rows)) table.push([name, p50, p95, p99]);
  return ["What the rules cost", table.toString()];
}

function growthTable({ growth }: BenchReport): string {
  const table = new Table({
    head: ["objects", "up", "apply", "preview", "diff", "destroy", "delete"],
    style: { head: [], border: [] },
  });
  for (const row of growth) {
    const { objects, upSeconds, applySeconds, previewSeconds, diffSeconds, destroySeconds, deleteSeconds } = row;
    table.push([objects, upSeconds, applySeconds, previewSeconds, diffSeconds, destroySeconds, deleteSeconds ?? "-"]);
  }
  return table.toString();
}

function cpuTable({ cpuSeconds, peakMemoryMiB }: BenchReport): string {
  const table = new Table({ style: { head: [], border: [] } });
  for (const [run, roles] of Object.entries(cpuSeconds)) {
    const used = roles ? Object.entries(roles).map(([role, seconds]) => `${role} ${seconds}`) : ["not told here"];
    table.push([run, used.join(", ")]);
  }
  table.push(["peak memory", `up ${peakMemoryMiB.up ?? "-"} MiB, preview ${peakMemoryMiB.preview ?? "-"} MiB`]);
  return table.toString();
}

function devLines({ devEnvironment }: BenchReport): string[] {
  if (!devEnvironment) return [];
  const table = new Table({ style: { head: [], border: [] } });
  for (const [name, value] of Object.entries(devEnvironment)) table.push([name, value ?? "-"]);
  return [
    "The dev environment on three clusters, as `fleetwright env` sets it: no checkpoints, with the pack",
    table.toString(),
  ];
}

function targetTable(targets: readonly Target[]): string {
  const table = new Table({ head: ["what", "value", "at most", ""], style: { head: [], border: [] } });
  for (const { name, value, bound, met } of targets) {
    table.push([name, value ?? "-", bound, met === null ? "not judged at this size" : met ? "met" : "MISSED"]);
  }
  return table.toString();
}
