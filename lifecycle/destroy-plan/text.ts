/** A destroy plan for people. */
import type { DestroyPlan, Wave } from "../destroy-plan";
import { plainTable } from "../fleet";
import { type Finding, some, spelt, type Verdict } from "./finding";

const HEADINGS: Readonly<Record<Verdict, string>> = {
  hangs: "Would hang",
  unknown: "Could not be known",
  slow: "Takes its time",
  lost: "Is lost, and not of this stack",
  left: "Stays",
};

/** Lines of one kind of finding that are shown; all of them stand in the document. */
const MOST_SHOWN = 30;

export function destroyPlanText(plan: DestroyPlan): string {
  const { clusters, environment, findings, stack, steps, summary } = plan;
  if (summary.objects === 0)
    return `Stack ${stack} of environment ${environment} holds nothing: there is nothing to destroy.\n`;
  const rows = clusters.map(
    ({ cluster, objects, reachable }) => `${cluster} (${objects}${reachable ? "" : ", cannot be reached"})`,
  );
  return [
    `Destroying stack ${stack} of environment ${environment} deletes ${summary.objects} objects in ${summary.waves} waves: ${rows.join(", ")}.`,
    "",
    plainTable(["wave", "objects", "what goes"], plan.waves.map(waveRow)),
    "",
    ...(Object.keys(HEADINGS) as Verdict[]).flatMap((verdict) => sectionOf(verdict, findings)),
    "In this order, after the line of `fleetwright env`:",
    "",
    ...steps.flatMap(({ command, purpose }, index) => [
      ...(steps[index - 1]?.purpose === purpose ? [] : [`  # ${purpose}`]),
      `  ${command}`,
    ]),
    "",
    `${summary.hangs} would hang, ${summary.unknown} could not be known, ${summary.slow} take their time, ${summary.lost} lost, ${summary.left} left behind`,
    "",
  ].join("\n");
}

/** Counts by kind, the most frequent first. */
function waveRow({ objects, wave }: Wave): string[] {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return [
    String(wave),
    String(objects.length),
    some(
      kinds.map(([kind, count]) => `${count} ${kind}`),
      8,
    ),
  ];
}

function sectionOf(verdict: Verdict, findings: readonly Finding[]): string[] {
  const found = findings.filter((finding) => finding.verdict === verdict);
  if (found.length === 0) return [];
  return [
    HEADINGS[verdict],
    ...found.slice(0, MOST_SHOWN).flatMap(findingLines),
    ...(found.length > MOST_SHOWN ? [`  and ${found.length - MOST_SHOWN} more: -o json has them`] : []),
    "",
  ];
}

/** One finding for people, and the line that ends it. */
export function findingLines({ cluster, count, cure, names, object, waitsFor, why }: Finding): string[] {
  const what = names ? `${count} ${spelt(object)} (${some(names)})` : spelt(object);
  const where = cluster === "" ? "" : `${cluster}: `;
  return [
    `  ${where}${what}${waitsFor === undefined ? "" : ` waits for ${waitsFor}`}: ${why}`,
    ...(cure === undefined ? [] : [`    → ${cure}`]),
  ];
}
