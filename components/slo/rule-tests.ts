/**
 * Tests of an SLO's rules in the form that `promtool test rules` reads: events are made up, and what ought to fire is
 * reckoned from them without PromQL.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
import type { Alert } from "../alert";
import { alertingRule } from "../alerting-rule";
import { BURN_ALERT, burnAlert, burnLabels, UNMEASURED_ALERT, unmeasuredAlert } from "./alerts";
import { burnRates, shareAt, WINDOWS } from "./burn-rates";
import { type Slo, sloLabels } from "./objective";
import { ruleGroups } from "./rules";
import { firingAt, lengthOf, shareWithin, type Trace } from "./trace";
import { type CountedSeries, countersOf } from "./traffic";

/** Minutes between two evaluations: recorded windows of five minutes then lie side by side. */
const EVALUATION_MINUTES = 5;

/** Events a minute: of a million the finest objective still loses ten. */
const EVENTS_PER_MINUTE = 1_000_000;

/** One test: a trace, and the minutes at which it is looked at. */
interface Scenario {
  readonly name: string;
  readonly trace: Trace;
  readonly looks: readonly number[];
}

/** An alert as a test expects it. */
type Expected = (alert: Alert, labels: Readonly<Record<string, string>>) => object;

/** File of `promtool test rules` for one SLO. */
export interface RuleTests {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly group_eval_order: readonly string[];
  readonly tests: readonly object[];
}

/**
 * @param ruleFile path of the file with {@link ruleGroups}, relative to the file of tests
 * @param runbookBaseUrl the one with which those groups were made
 */
export function ruleTests(slo: Slo, ruleFile: string, runbookBaseUrl?: string): RuleTests {
  const expected: Expected = (alert, labels) => {
    const { annotations, labels: all } = alertingRule(alert, labels, runbookBaseUrl);
    return { exp_labels: all, exp_annotations: annotations };
  };
  return {
    rule_files: [ruleFile],
    evaluation_interval: `${EVALUATION_MINUTES}m`,
    group_eval_order: ruleGroups(slo).map(({ name }) => name),
    tests: [
      ...scenarios(slo).map((scenario) => asTest(slo, scenario, expected)),
      eachWindow(slo),
      ...withoutBadEvents(slo),
      withoutSeries(slo, expected),
    ],
  };
}

function scenarios({ objective }: Slo): Scenario[] {
  const none = { minutes: 60, errorShare: undefined };
  const fastest = shareAt(burnRates(objective)[0]?.factor ?? 1, objective);
  return [
    ...burnRates(objective).flatMap((rate): Scenario[] => {
      const { factor, long, short } = rate;
      const share = shareAt(factor, objective);
      const name = `${factor} times, ${long} and ${short}`;
      const [longMinutes, shortMinutes] = [WINDOWS[long], WINDOWS[short]];
      return [
        {
          name: `${name}: fires just above`,
          trace: [{ minutes: 30, errorShare: Math.min(1, share * 1.01) }],
          looks: [30],
        },
        { name: `${name}: is silent just below`, trace: [{ minutes: 30, errorShare: share * 0.99 }], looks: [30] },
        {
          name: `${name}: ends when its short window is good again, before its long one is`,
          // 2.2: far from where any other pair begins
          trace: [
            { minutes: longMinutes, errorShare: Math.min(1, share * 2.2) },
            { minutes: shortMinutes + 10, errorShare: 0 },
          ],
          looks: [longMinutes, longMinutes + shortMinutes + 10],
        },
        {
          name: `${name}: is silent about a moment within a good ${long}`,
          // a quarter of what the long window would have to see
          trace: [
            { minutes: longMinutes, errorShare: 0 },
            { minutes: shortMinutes, errorShare: Math.min(1, share * 3) },
          ],
          looks: [longMinutes, longMinutes + shortMinutes],
        },
      ];
    }),
    { name: "nothing measured", trace: [none], looks: [5, 60] },
    { name: "no bad event", trace: [{ minutes: 60, errorShare: 0 }], looks: [5, 60] },
    {
      name: "events end while the budget burns",
      trace: [{ minutes: 60, errorShare: Math.min(1, fastest * 2) }, none],
      looks: [60, 75],
    },
  ];
}

function asTest(slo: Slo, { looks, name, trace }: Scenario, expected: Expected): object {
  // what was true at the evaluation before as well: a minute is shorter than the time between two
  const firing = (minute: number) => {
    const before = firingAt(trace, minute - EVALUATION_MINUTES, slo.objective).map(({ long }) => long);
    return firingAt(trace, minute, slo.objective).filter(({ long }) => before.includes(long));
  };
  return {
    name: `${slo.name}: ${name}`,
    interval: "1m",
    input_series: inputOf(slo, trace),
    alert_rule_test: looks.map((minute) => ({
      eval_time: `${minute}m`,
      alertname: BURN_ALERT,
      exp_alerts: firing(minute).map((rate) => expected(burnAlert(slo, rate), burnLabels(slo, rate))),
    })),
    promql_expr_test: looks.map((minute) => budget(slo, trace, minute)),
  };
}

/** Every recorded window sees its own length and no other: shares that grow tell them apart. */
function eachWindow(slo: Slo): object {
  // each stretch begins where a window does, counted from the end
  const lengths = Object.values(WINDOWS).toReversed();
  const trace = lengths.map((minutes, index) => ({
    minutes: minutes - (lengths[index + 1] ?? 0),
    errorShare: (index + 1) / 10,
  }));
  const end = lengthOf(trace);
  return {
    name: `${slo.name}: each window sees its own length`,
    interval: "1m",
    input_series: inputOf(slo, trace),
    promql_expr_test: Object.entries(WINDOWS).map(([window, minutes]) =>
      equals(slo, `slo:error_ratio:rate${window}`, shareWithin(trace, end, minutes) ?? 0, end),
    ),
  };
}

/** A counter of failures often begins with the first one: until then there are none. */
function withoutBadEvents(slo: Slo): object[] {
  const trace = [{ minutes: 30, errorShare: 0 }];
  const counters = countersOf(slo.sli);
  if (!counters?.some(({ counts }) => counts === "bad")) return [];
  return [
    {
      name: `${slo.name}: no series of bad events yet`,
      interval: "1m",
      input_series: counters.filter(({ counts }) => counts !== "bad").map((counter) => counterInput(counter, trace)),
      promql_expr_test: [equals(slo, "slo:error_ratio:rate5m", 0, 30), equals(slo, "slo:error_ratio:rate1h", 0, 30)],
    },
  ];
}

/** A service that was never there burns nothing, and after a day somebody asks why. */
function withoutSeries(slo: Slo, expected: Expected): object {
  const silent = (alertname: string, eval_time: string) => ({ eval_time, alertname, exp_alerts: [] });
  return {
    name: `${slo.name}: no series at all`,
    interval: "1m",
    input_series: [],
    alert_rule_test: [
      silent(BURN_ALERT, "25h"),
      silent(UNMEASURED_ALERT, "23h"),
      {
        eval_time: "25h",
        alertname: UNMEASURED_ALERT,
        exp_alerts: [expected(unmeasuredAlert(slo), sloLabels(slo))],
      },
    ],
  };
}

/** The rest of the budget; no value without events. */
function budget(slo: Slo, trace: Trace, minute: number): object {
  const share = shareWithin(trace, minute, lengthOf(trace));
  const rest = share === undefined ? undefined : 1 - share / shareAt(1, slo.objective);
  return equals(slo, "slo:error_budget_remaining:ratio", rest, minute);
}

/** A recorded series within a hundredth of a value; undefined: it has none. */
function equals(slo: Slo, series: string, value: number | undefined, minute: number): object {
  const nearness = Math.max(1e-9, Math.abs(value ?? 0) / 100);
  return {
    expr: `abs(${series}{slo="${slo.name}"} - ${exact(value ?? 0)}) <= bool ${exact(nearness)}`,
    eval_time: `${minute}m`,
    ...(value === undefined ? {} : { exp_samples: [{ labels: labelText(slo), value: 1 }] }),
  };
}

const labelText = (slo: Slo) =>
  `{${Object.entries(sloLabels(slo))
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;

/** Counters where they can be made up, else what is recorded of them. */
function inputOf(slo: Slo, trace: Trace): object[] {
  const counters = countersOf(slo.sli);
  return counters ? counters.map((counter) => counterInput(counter, trace)) : recordedInput(slo, trace);
}

function counterInput({ counts, series }: CountedSeries, trace: Trace): object {
  let count = 0;
  const values = trace.map(({ errorShare, minutes }, index) => {
    const shares = { all: 1, bad: errorShare ?? 0, good: 1 - (errorShare ?? 0) };
    const each = exact(errorShare === undefined ? 0 : EVENTS_PER_MINUTE * shares[counts]);
    // `start+step x n` has n + 1 values; only the first stretch has one at minute 0
    const first = index === 0 ? 0 : exact(count + each);
    const steps = index === 0 ? minutes : minutes - 1;
    count = exact(count + each * minutes);
    return `${first}+${each}x${steps}`;
  });
  return { series, values: values.join(" ") };
}

function recordedInput(slo: Slo, trace: Trace): object[] {
  const input = (metric: string, value: (errorShare: number) => number) => ({
    series: `${metric}${labelText(slo)}`,
    values: trace
      .map(({ errorShare, minutes }, index) => {
        const steps = index === 0 ? minutes : minutes - 1;
        return `${exact(errorShare === undefined ? 0 : value(errorShare))}x${steps}`;
      })
      .join(" "),
  });
  return [input("slo:events:rate5m", () => 1000), input("slo:bad_events:rate5m", (share) => 1000 * share)];
}

const exact = (value: number) => Number(value.toPrecision(12));
