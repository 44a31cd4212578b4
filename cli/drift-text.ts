/** Drift as people read it: worst first, one line each, and then what is no drift and what nobody could look at. */
import type { DriftReport } from "../lifecycle/drift";
import { type DriftEntry, nameOfObject } from "../lifecycle/drift/drift-entry";
import { isFields } from "../lifecycle/drift/field-path";
import { plainTable } from "../lifecycle/fleet";

/** A longer list is read by machines: `--json`. */
const READABLE = 100;

/** @param before what was found before it was corrected; undefined where nothing was */
export function driftText(report: DriftReport, before?: DriftReport): string {
  const { drift, summary, unknown } = report;
  const clusters = `${summary.objects} objects of ${report.clusters.length} clusters`;
  return [
    ...(before ? [`corrected, as it was found:\n\n${table(before.drift)}\n`] : []),
    ...(drift.length > 0 ? [`${table(drift)}\n`] : []),
    drift.length > 0
      ? `${drift.length} differences in ${summary.driftedObjects} objects; ${clusters} were compared`
      : `no drift: ${clusters} are as they were deployed`,
    ...foreignLine(summary.foreignFields),
    ...(summary.undeployed > 0
      ? [`${summary.undeployed} objects wait for \`pulumi up\`: the environment says otherwise than what was deployed`]
      : []),
    ...unknown.map(({ cluster, reason, what }) =>
      what === "cluster"
        ? `could not be known: cluster ${cluster}: ${reason}`
        : `could not be known: ${what} of cluster ${cluster}: ${reason}`,
    ),
    ...(drift.some(({ kind }) => kind === "orphan")
      ? ["orphans are left to you: whoever made them may need them (`kubectl delete`)"]
      : []),
    "",
  ].join("\n");
}

function table(drift: readonly DriftEntry[]): string {
  const shown = withoutContents(drift);
  const rows = shown
    .slice(0, READABLE)
    .map(({ entry, within }) => [
      entry.kind,
      entry.cluster,
      `${nameOfObject(entry.object)}${within > 0 ? `, and ${within} objects in it` : ""}`,
      entry.path,
      ...valuesOf(entry),
      writerOf(entry),
    ]);
  const more = shown.length - rows.length;
  const head = ["drift", "cluster", "object", "field", "expected", "found", "by"];
  return `${plainTable(head, rows)}\n${more > 0 ? `… and ${more} more: --json lists them\n` : ""}`;
}

/** What went with its namespace is counted there. */
function withoutContents(drift: readonly DriftEntry[]): { entry: DriftEntry; within: number }[] {
  const isDeleted = ({ kind }: DriftEntry) => kind === "deleted";
  const place = ({ cluster, stack }: DriftEntry, namespace: string) => JSON.stringify([stack, cluster, namespace]);
  const namespaces = drift.filter((one) => isDeleted(one) && one.object.kind === "Namespace");
  const gone = new Map(namespaces.map((one) => [place(one, one.object.name), 0]));
  const rest = drift.filter((one) => {
    const at = place(one, one.object.namespace);
    const count = gone.get(at);
    if (!isDeleted(one) || count === undefined) return true;
    gone.set(at, count + 1);
    return false;
  });
  return rest.map((entry) => ({
    entry,
    within:
      entry.object.kind === "Namespace" && isDeleted(entry) ? (gone.get(place(entry, entry.object.name)) ?? 0) : 0,
  }));
}

function foreignLine(counts: Readonly<Record<string, number>>): string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const managers = Object.entries(counts).map(([manager, count]) => `${manager} ${count}`);
  return [`${total} fields owned by others, which is no drift: ${managers.join(", ")}`];
}

/** `kubectl-edit, 2026-11-30T12:00:00Z`. */
function writerOf({ manager, subresource, time }: DriftEntry): string {
  if (manager === undefined) return "";
  return [subresource === undefined ? manager : `${manager}/${subresource}`, ...(time ? [time] : [])].join(", ");
}

/** Longest value in a table. */
const SHORT = 60;

/** Both values; of long texts the first lines that differ. */
function valuesOf({ expected, found }: DriftEntry): [string, string] {
  if (typeof expected === "string" && typeof found === "string" && expected.length + found.length > SHORT) {
    const [wanted, there] = [expected.split("\n"), found.split("\n")];
    const line = wanted.findIndex((text, index) => text !== there[index]);
    const at = line < 0 ? wanted.length : line;
    const shownLine = (lines: readonly string[]) => shortened(`line ${at + 1}: ${lines[at] ?? "(none)"}`);
    if (wanted.length > 1 || there.length > 1) return [shownLine(wanted), shownLine(there)];
  }
  return [textOf(expected), textOf(found)];
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  return shortened(
    typeof value === "string" ? value : isFields(value) || Array.isArray(value) ? JSON.stringify(value) : String(value),
  );
}

const shortened = (text: string) => (text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text);
