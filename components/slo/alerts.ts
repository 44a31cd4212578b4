/** What the team of an SLO is told: that its budget burns too fast, and that there is nothing to measure. */
import type { Alert } from "../alert";
import { type BurnRate, shareAt, WINDOWS } from "./burn-rates";
import { type Slo, sloLabels } from "./objective";

export const BURN_ALERT = "SloErrorBudgetBurn";
export const UNMEASURED_ALERT = "SloUnmeasured";

/** The budget burns faster than one pair of windows allows. */
export function burnAlert(slo: Slo, { factor, long, severity, short }: BurnRate): Alert {
  const limit = shareAt(factor, slo.objective);
  const exceeded = (window: string) => `slo:error_ratio:rate${window}{slo="${slo.name}"} > ${limit}`;
  const percent = Number(((100 * factor * WINDOWS[long]) / (slo.windowDays * 1440)).toPrecision(2));
  return {
    name: BURN_ALERT,
    expr: `${exceeded(long)} and ${exceeded(short)}`,
    // the windows do the waiting; three evaluations in a row leave out a sample that came late
    for: "1m",
    severity,
    summary: `${slo.name}: within ${long} the service ${slo.service} used up more than ${percent} % of its error budget of ${slo.windowDays} days.`,
    action: `Find what changed within ${long}, and take it back; slo:error_ratio:rate5m{slo="${slo.name}"} tells when it ends.`,
  };
}

/** Labels of one such alert, besides its severity. */
export const burnLabels = (slo: Slo, { long, short }: BurnRate): Readonly<Record<string, string>> => ({
  ...sloLabels(slo),
  long_window: long,
  short_window: short,
});

/** Silence of an SLO that measures nothing would look like success. A day: nobody must be told of a quiet night. */
export const unmeasuredAlert = ({ name, service }: Slo): Alert => ({
  name: UNMEASURED_ALERT,
  expr: `absent(slo:events:rate5m{slo="${name}"})`,
  for: "1d",
  severity: "warning",
  summary: `${name}: for a day there was no series of the service ${service} to measure.`,
  action: "Compare the indicator in the environment file with the metrics that the service has.",
});
