/** docs/proof-truth.md: what the last whole run found. */
import { missedTargets, type TruthReport } from "./report";

export function truthPage(report: TruthReport): string {
  const { changes, details, endingsRight, forbiddenAnnounced, kindOfOperationRight, objects, score, seconds, seed } =
    report;
  const missed = missedTargets(report);
  return [
    "# Previews tell the truth",
    "",
    "Written by `npm run truth`, which `make prove` runs whole. Each change is previewed by `fleetwright preview` and then done by",
    "`pulumi up` on a real API server with real Gatekeeper. What the preview said of each object is held against the engine's",
    "events of the update, and against the API server's own uids before and after.",
    "",
    `Seed ${seed}, ${seconds} s.`,
    "",
    "| | found | wanted |",
    "| --- | --- | --- |",
    `| changes, one after another, each taking the last one back | ${changes} | at least 25 |`,
    `| objects that were announced, or changed | ${objects} | |`,
    `| of these with the right kind of operation | ${kindOfOperationRight} | all |`,
    `| score | ${(100 * score).toFixed(1)} % | 100 % |`,
    `| forbidden objects that were announced as made | ${forbiddenAnnounced} | 0 |`,
    `| changes whose end was announced | ${endingsRight} | all |`,
    "",
    "## Where it was not so",
    "",
    ...(missed.length === 0 ? ["Nowhere."] : missed.map((sentence) => `* ${sentence}`)),
    "",
    "## The changes",
    "",
    "| change | objects | right | preview | update |",
    "| --- | --- | --- | --- | --- |",
    ...details.map(
      ({ announcedEnding, change, ending, objects: all, right }) =>
        `| ${change} | ${all} | ${right} | ${announcedEnding} | ${ending} |`,
    ),
    "",
  ].join("\n");
}
