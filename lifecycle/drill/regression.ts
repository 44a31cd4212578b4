/** Whether a drill took longer than those of its kind before. */
import type { Baseline, DrillReport, Finding } from "./report";

/** Share of objects by which another drill may differ and still be compared: growth is no regression. */
const COMPARABLE = 0.2;

/** How many of the last results count: enough for a median, few enough to forget an old machine. */
const REMEMBERED = 5;

/**
 * Half as long again: on two cores that others use as well, one drill repeated took up to a third longer (docs/how-to/drills.md).
 */
const FACTOR = 1.5;

/** And as many seconds at least, so that a short drill does not fail by one busy moment. */
const LEAST_SECONDS = 20;

type Comparable = Pick<
  DrillReport,
  "environment" | "scenario" | "clusters" | "objects" | "rtoSeconds" | "verdict" | "startedAt"
>;

const drilled = ({ clusters, objects }: Pick<Comparable, "clusters" | "objects">) =>
  clusters.reduce((sum, cluster) => sum + (objects[cluster] ?? 0), 0);

/** Of the passed results of the same scenario on as many clusters and about as many objects; undefined where there is none. */
export function baselineOf(report: Comparable, earlier: readonly Comparable[]): Baseline | undefined {
  const size = drilled(report);
  const times = earlier
    .filter(
      ({ environment, scenario, verdict }) =>
        verdict === "passed" && scenario === report.scenario && environment === report.environment,
    )
    .filter(({ clusters }) => clusters.length === report.clusters.length)
    .filter((other) => Math.abs(drilled(other) - size) <= size * COMPARABLE)
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
    .slice(-REMEMBERED)
    .flatMap(({ rtoSeconds }) => (rtoSeconds === null ? [] : [rtoSeconds]))
    .sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  const middle = Math.floor((times.length - 1) / 2);
  const median = ((times[middle] ?? 0) + (times[times.length - 1 - middle] ?? 0)) / 2;
  const mostSeconds = Math.round(Math.max(median * FACTOR, median + LEAST_SECONDS) * 10) / 10;
  return { rtoSeconds: Math.round(median * 10) / 10, results: times.length, mostSeconds };
}

/** What the comparison says, a finding like any other. */
export function regression(rtoSeconds: number, baseline: Baseline | undefined): Finding {
  const name = "regression";
  if (!baseline)
    return { name, ok: true, message: "the first passed result of its kind: there is nothing to compare with" };
  const { mostSeconds, results, rtoSeconds: before } = baseline;
  const ok = rtoSeconds <= mostSeconds;
  const compared = `${rtoSeconds} s, after ${before} s in ${results === 1 ? "the result" : `the median of ${results} results`} before`;
  return { name, ok, message: ok ? compared : `${compared}: more than ${mostSeconds} s, half as long again` };
}
