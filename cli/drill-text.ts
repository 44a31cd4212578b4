/** Drills for people. */

import type { DrillReport } from "../lifecycle/drill/report";
import type { Runbook, Step } from "../lifecycle/drill/runbook";
import { plainTable } from "../lifecycle/fleet";

/**
 * The lines in their order, each with its reason.
 *
 * @param first what the shell evaluates before
 */
export function planText({ about, loss, recovery, title }: Runbook, first: string): string {
  const lines = (steps: readonly Step[]) => steps.flatMap(({ line, why }) => [`  # ${why}`, `  ${line}`]);
  const lost = loss.length > 0 ? ["Lost by", ...lines(loss), ""] : [];
  const begin = recovery[0]?.line === first ? [] : [`  ${first}`];
  return [title, about, "", ...lost, "Brought back by", ...begin, ...lines(recovery), ""].join("\n");
}

/** What was found, how long each part took, and the verdict last. */
export function reportText(report: DrillReport): string {
  const { baseline, findings, phases, preconditions, reasons, rtoSeconds, verdict } = report;
  const lacking = preconditions.filter(({ ok }) => !ok);
  const mark = (ok: boolean) => (ok ? "ok    " : "FAILED");
  return [
    "",
    ...lacking.map(({ cure, message, name }) => `LACKS   ${name}: ${message}${cure ? `\n        → ${cure}` : ""}`),
    ...findings.map(({ message, name, ok }) => `${mark(ok)}  ${name}: ${message}`),
    "",
    plainTable(
      ["phase", "seconds"],
      phases.map(({ name, seconds }) => [name, seconds.toFixed(1)]),
    ),
    "",
    rtoSeconds === null
      ? ""
      : `RTO ${rtoSeconds} s, from the loss to admitted and clean${baseline ? ` (before: ${baseline.rtoSeconds} s)` : ""}`,
    `${verdict.toUpperCase()}${reasons.length > 0 ? `: ${reasons[0]}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ""}` : ""}`,
    "",
  ].join("\n");
}

/** One result per line, oldest first. */
export function historyTable(
  results: readonly {
    readonly id: string;
    readonly startedAt: string;
    readonly scenario: string;
    readonly clusters: readonly string[];
    readonly objects: number;
    readonly rtoSeconds: number | null;
    readonly verdict: string;
    readonly signature: string;
  }[],
  folder: string,
): string {
  if (results.length === 0) return `No result is kept in ${folder}.\n`;
  const head = ["started", "scenario", "clusters", "objects", "rto", "verdict", "signature", "result"];
  const rows = results.map(({ clusters, id, objects, rtoSeconds, scenario, signature, startedAt, verdict }) => [
    `${startedAt.slice(0, 16).replace("T", " ")}`,
    ...[
      scenario,
      clusters.join(" "),
      String(objects),
      rtoSeconds === null ? "" : `${rtoSeconds} s`,
      verdict,
      signature,
      id,
    ],
  ]);
  return `${plainTable(head, rows)}\n`;
}
