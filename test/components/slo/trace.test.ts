import { describe, expect, it } from "@jest/globals";
import { BURN_RATES, WINDOWS } from "../../../components/slo/burn-rates";
import { firingAt, shareWithin, type Trace } from "../../../components/slo/trace";

/** What fires, found event by event: a thousand events in each minute, every window counted anew. */
function counted(trace: Trace, atMinute: number, objective: number): string[] {
  const minutes = trace.flatMap(({ errorShare, minutes: length }) =>
    Array.from({ length }, () =>
      errorShare === undefined ? { all: 0, bad: 0 } : { all: 1000, bad: 1000 * errorShare },
    ),
  );
  const budgetShare = (length: number) => {
    const seen = minutes.slice(Math.max(0, atMinute - length), atMinute);
    const all = seen.reduce((sum, minute) => sum + minute.all, 0);
    const bad = seen.reduce((sum, minute) => sum + minute.bad, 0);
    return all === 0 ? 0 : bad / all / (1 - objective);
  };
  return BURN_RATES.filter(
    ({ factor, long, short }) => budgetShare(WINDOWS[long]) > factor && budgetShare(WINDOWS[short]) > factor,
  ).map(({ long }) => long);
}

const firing = (trace: Trace, atMinute: number, objective = 0.999) =>
  firingAt(trace, atMinute, objective).map(({ long }) => long);

const HOUR = 60;
const DAY = 24 * HOUR;

describe("a course of events", () => {
  it.each<[string, Trace, number, string[]]>([
    ["total failure for five minutes of a good day", [good(DAY), bad(5, 1)], DAY + 5, ["1h", "6h", "1d", "3d"]],
    ["total failure, five minutes after it ended", [good(DAY), bad(5, 1), good(6)], DAY + 11, ["6h", "1d", "3d"]],
    ["one percent for an hour of a good day", [good(DAY), bad(HOUR, 0.01)], DAY + HOUR, []],
    ["one percent for four hours", [good(DAY), bad(4 * HOUR, 0.01)], DAY + 4 * HOUR, ["6h", "3d"]],
    ["0.2 percent for three days", [bad(3 * DAY, 0.002)], 3 * DAY, ["3d"]],
    ["0.4 percent for a day after two good ones", [good(2 * DAY), bad(DAY, 0.004)], 3 * DAY, ["1d", "3d"]],
    ["exactly the budget", [bad(3 * DAY, 0.001)], 3 * DAY, []],
    ["no events", [none(DAY)], DAY, []],
    ["failure, then no events", [bad(HOUR, 1), none(10)], HOUR + 10, ["6h", "1d", "3d"]],
  ])("%s", (_, trace, atMinute, expected) => {
    expect(firing(trace, atMinute)).toEqual(expected);
    expect(counted(trace, atMinute, 0.999)).toEqual(expected);
  });

  it("is reckoned as if each event were counted, at every fifth minute", () => {
    const trace = [good(90), bad(20, 0.2), none(30), bad(HOUR, 0.012), good(2 * HOUR), bad(7 * HOUR, 0.0042)];
    const looks = Array.from({ length: 148 }, (_, index) => 5 * (index + 1));
    const wrong = looks.filter((minute) => String(firing(trace, minute)) !== String(counted(trace, minute, 0.999)));
    expect(wrong).toEqual([]);
    expect(new Set(looks.map((minute) => String(firing(trace, minute)))).size).toBeGreaterThan(3);
  });

  it("weighs by events, so that a quiet night counts for nothing", () =>
    expect(shareWithin([bad(10, 0.5), none(DAY), good(10)], DAY + 20, 3 * DAY)).toBe(0.25));
});

function good(minutes: number) {
  return { minutes, errorShare: 0 };
}
function bad(minutes: number, errorShare: number) {
  return { minutes, errorShare };
}
function none(minutes: number) {
  return { minutes, errorShare: undefined };
}
