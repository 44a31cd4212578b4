/**
 * An SLO as rules of Prometheus: what is recorded of it, and who is told when its budget burns.
 *
 *     counters ─rate5m─▶ slo:events, slo:bad_events ─▶ slo:error_ratio:rate{5m…3d} ─▶ SloErrorBudgetBurn
 *                                                  └─▶ slo:error_ratio:window ─▶ slo:error_budget_remaining:ratio
 *
 * Longer windows are made of the recorded five minutes, weighted by events, and not of the counters: three days of raw
 * series would be read every half minute.
 */
import { type BurnRate, burnRates, shareAt, WINDOWS } from "./burn-rates";
import { eventRates } from "./indicator";
import type { Slo } from "./objective";

export const BURN_ALERT = "SloErrorBudgetBurn";
export const UNMEASURED_ALERT = "SloUnmeasured";

/** A recording rule or an alerting one, as Prometheus spells them. */
export type Rule =
  | { readonly record: string; readonly expr: string; readonly labels: Readonly<Record<string, string>> }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/** What tells an SLO's series and alerts from others': Alertmanager routes by team and severity. */
export function sloLabels({ name, service, team, tenant }: Slo): Readonly<Record<string, string>> {
  return { service, slo: name, team, ...(tenant === undefined ? {} : { tenant }) };
}

/** Both groups of one SLO. */
export function ruleGroups(slo: Slo): RuleGroup[] {
  const labels = sloLabels(slo);
  const own = (metric: string) => `${metric}{slo="${slo.name}"}`;
  const record = (metric: string, expr: string): Rule => ({ record: metric, expr, labels });
  const over = (window: string) =>
    `sum_over_time(${own("slo:bad_events:rate5m")}[${window}]) / (sum_over_time(${own("slo:events:rate5m")}[${window}]) > 0)`;
  const { all, bad } = eventRates(slo.sli, "5m");
  const [, ...longer] = Object.keys(WINDOWS);
  return [
    {
      name: `slo-${slo.name}`,
      interval: "30s",
      rules: [
        record("slo:events:rate5m", all),
        record("slo:bad_events:rate5m", bad),
        record("slo:error_ratio:rate5m", `${own("slo:bad_events:rate5m")} / (${own("slo:events:rate5m")} > 0)`),
        ...longer.map((window) => record(`slo:error_ratio:rate${window}`, over(window))),
        ...burnRates(slo.objective).map((rate) => burnAlert(slo, rate)),
        unmeasured(slo),
      ],
    },
    {
      // a sum over weeks, which nobody waits for
      name: `slo-${slo.name}-budget`,
      interval: "5m",
      rules: [
        record("slo:objective:ratio", `vector(${slo.objective})`),
        record("slo:error_ratio:window", over(`${slo.windowDays}d`)),
        record(
          "slo:error_budget_remaining:ratio",
          `1 - ${own("slo:error_ratio:window")} / ${shareAt(1, slo.objective)}`,
        ),
      ],
    },
  ];
}

/** Labels of one alert of an SLO. */
export const burnLabels = (slo: Slo, { long, severity, short }: BurnRate): Readonly<Record<string, string>> => ({
  ...sloLabels(slo),
  severity,
  long_window: long,
  short_window: short,
});

/** What somebody reads who is told of it. */
export function burnAnnotations(slo: Slo, { factor, long }: BurnRate): Readonly<Record<string, string>> {
  const share = Number(((100 * factor * WINDOWS[long]) / (slo.windowDays * 1440)).toPrecision(2));
  return {
    summary: `${slo.name}: within ${long} the service ${slo.service} used up more than ${share} % of its error budget of ${slo.windowDays} days.`,
    description: `Find what changed within ${long}, and take it back; slo:error_ratio:rate5m{slo="${slo.name}"} tells when it ends.`,
  };
}

function burnAlert(slo: Slo, rate: BurnRate): Rule {
  const { factor, long, short } = rate;
  const share = shareAt(factor, slo.objective);
  const exceeded = (window: string) => `slo:error_ratio:rate${window}{slo="${slo.name}"} > ${share}`;
  return {
    alert: BURN_ALERT,
    expr: `${exceeded(long)} and ${exceeded(short)}`,
    labels: burnLabels(slo, rate),
    annotations: burnAnnotations(slo, rate),
  };
}

export const unmeasuredLabels = (slo: Slo): Readonly<Record<string, string>> => ({
  ...sloLabels(slo),
  severity: "warning",
});

export const unmeasuredAnnotations = ({ name, service }: Slo): Readonly<Record<string, string>> => ({
  summary: `${name}: for a day there was no series of the service ${service} to measure.`,
  description: "Compare the indicator in the environment file with the metrics that the service has.",
});

/** Silence of an SLO that measures nothing would look like success. A day: nobody must be told of a quiet night. */
const unmeasured = (slo: Slo): Rule => ({
  alert: UNMEASURED_ALERT,
  expr: `absent(slo:events:rate5m{slo="${slo.name}"})`,
  for: "1d",
  labels: unmeasuredLabels(slo),
  annotations: unmeasuredAnnotations(slo),
});
