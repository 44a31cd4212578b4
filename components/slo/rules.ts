/**
 * An SLO as rules of Prometheus: what is recorded of it, and who is told when its budget burns.
 *
 *     counters ─rate5m─▶ slo:events, slo:bad_events ─▶ slo:error_ratio:rate{5m…3d} ─▶ SloErrorBudgetBurn
 *                                                  └─▶ slo:error_ratio:window ─▶ slo:error_budget_remaining:ratio
 *
 * Longer windows are made of the recorded five minutes, weighted by events, and not of the counters: three days of raw
 * series would be read every half minute.
 */
import { type AlertingRule, alertingRule } from "../alerting-rule";
import { burnAlert, burnLabels, unmeasuredAlert } from "./alerts";
import { burnRates, shareAt, WINDOWS } from "./burn-rates";
import { eventRates } from "./indicator";
import { type Slo, sloLabels } from "./objective";

/** A recording rule or an alerting one, as Prometheus spells them. */
export type Rule =
  | { readonly record: string; readonly expr: string; readonly labels: Readonly<Record<string, string>> }
  | AlertingRule;

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/**
 * Both groups of one SLO.
 *
 * @param runbookBaseUrl address of the page of runbooks, https; undefined: its alerts name none
 */
export function ruleGroups(slo: Slo, runbookBaseUrl?: string): RuleGroup[] {
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
        ...burnRates(slo.objective).map((rate) =>
          alertingRule(burnAlert(slo, rate), burnLabels(slo, rate), runbookBaseUrl),
        ),
        alertingRule(unmeasuredAlert(slo), labels, runbookBaseUrl),
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
