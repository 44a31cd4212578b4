/**
 * Tests of an SLO's rules in the form that `promtool test rules` reads: events are made up, and what ought to fire is
 * reckoned from them without PromQL.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
import { type BurnRate, burnRates, shareAt, WINDOWS } from "./burn-rates";
import type { Slo } from "./objective";
import {
  BURN_ALERT,
  burnAnnotations,
  burnLabels,
  ruleGroups,
  sloLabels,
  UNMEASURED_ALERT,
  unmeasuredAnnotations,
  unmeasuredLabels,
} from "./rules";
import { firingAt, lengthOf, shareWithin, type Trace } from "./trace";
import { type CountedSeries, countersOf } from "./traffic";

/** Events a minute: of a million the finest objective still loses ten. */
const EVENTS_PER_MINUTE = 1_000_000;

/** One test: a trace, and the minutes at which it is looked at. */
interface Scenario {
  readonly name: string;
  readonly trace: Trace;
  readonly looks: readonly number[];
}

/** File of `promtool test rules` for one SLO. */
export interface RuleTests {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly group_eval_order: readonly string[];
  readonly tests: readonly object[];
}

/**
 * @param ruleFile path of the file with {@link ruleGroups}, relative to the file of tests
 */
export function ruleTests(slo: Slo, ruleFile: string): RuleTests {
  return {
    rule_files: [ruleFile],
    // recorded windows of five minutes then lie side by side
    evaluation_interval: "5m",
    group_eval_order: ruleGroups(slo).map(({ name }) => name),
    tests: [...scenarios(slo).map((scenario) => asTest(slo, scenario)), withoutSeries(slo)],
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

function asTest(slo: Slo, { looks, name, trace }: Scenario): object {
  const counters = countersOf(slo.sli);
  return {
    name: `${slo.name}: ${name}`,
    interval: "1m",
    input_series: counters ? counters.map((counter) => counterInput(counter, trace)) : recordedInput(slo, trace),
    alert_rule_test: looks.map((minute) => ({
      eval_time: `${minute}m`,
      alertname: BURN_ALERT,
      exp_alerts: firingAt(trace, minute, slo.objective).map((rate) => expected(slo, rate)),
    })),
    promql_expr_test: looks.map((minute) => budget(slo, trace, minute)),
  };
}

/** A service that was never there burns nothing, and after a day somebody asks why. */
function withoutSeries(slo: Slo): object {
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
        exp_alerts: [{ exp_labels: unmeasuredLabels(slo), exp_annotations: unmeasuredAnnotations(slo) }],
      },
    ],
  };
}

const expected = (slo: Slo, rate: BurnRate) => ({
  exp_labels: burnLabels(slo, rate),
  exp_annotations: burnAnnotations(slo, rate),
});

/** The rest of the budget within a hundredth of it; no value without events. */
function budget(slo: Slo, trace: Trace, minute: number): object {
  const share = shareWithin(trace, minute, lengthOf(trace));
  const rest = 1 - (share ?? 0) / shareAt(1, slo.objective);
  const labels = Object.entries(sloLabels(slo)).map(([label, value]) => `${label}="${value}"`);
  return {
    expr: `abs(slo:error_budget_remaining:ratio{slo="${slo.name}"} - ${exact(rest)}) < bool 0.01`,
    eval_time: `${minute}m`,
    ...(share === undefined ? {} : { exp_samples: [{ labels: `{${labels.join(",")}}`, value: 1 }] }),
  };
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

/** Where counters cannot be made up, what is recorded of them is. */
function recordedInput(slo: Slo, trace: Trace): object[] {
  const labels = Object.entries(sloLabels(slo)).map(([label, value]) => `${label}="${value}"`);
  const input = (metric: string, value: (errorShare: number) => number) => ({
    series: `${metric}{${labels.join(",")}}`,
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
