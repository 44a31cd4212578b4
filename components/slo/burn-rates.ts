/**
 * How fast an error budget may be used up before somebody is told. A burn rate of 1 uses up exactly the budget within the
 * window of the SLO. The long window says that it matters, the short one that it still goes on.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ section 6, "Multiwindow, Multi-Burn-Rate Alerts"
 */
import type { Severity } from "../alert";

/** Windows over which shares of bad events are recorded, shortest first, with their length in minutes. */
export const WINDOWS = { "5m": 5, "30m": 30, "1h": 60, "2h": 120, "6h": 360, "1d": 1440, "3d": 4320 } as const;
export type Window = keyof typeof WINDOWS;

/** One pair of windows that must both burn faster. */
export interface BurnRate {
  /** Times the pace that uses up the budget by the end of the SLO's window. */
  readonly factor: number;
  readonly long: Window;
  readonly short: Window;
  readonly severity: Severity;
}

/**
 * The workbook's: of the budget of 30 days 2 % within an hour and 5 % within six call somebody, 10 % within one day or
 * three days are a ticket. Short windows are a twelfth of the long ones.
 */
export const BURN_RATES: readonly BurnRate[] = [
  { factor: 14.4, long: "1h", short: "5m", severity: "critical" },
  { factor: 6, long: "6h", short: "30m", severity: "critical" },
  { factor: 3, long: "1d", short: "2h", severity: "warning" },
  { factor: 1, long: "3d", short: "6h", severity: "warning" },
];

/** Share of bad events, 0–1, at which a budget burns so fast. */
export const shareAt = (factor: number, objective: number): number =>
  // 1 - 0.999 is not 0.001 in binary: digits that nobody wrote are cut off
  Number((factor * (1 - objective)).toPrecision(10));

/** The pairs that can be exceeded: with an objective of 0.9 even total failure burns ten times as fast, not 14.4 times. */
export const burnRates = (objective: number): BurnRate[] =>
  BURN_RATES.filter(({ factor }) => shareAt(factor, objective) < 1);

/** Share of bad events at which somebody is called at once: where a canary or an experiment ends. */
export function pagedShare(objective: number): number {
  const fastest = burnRates(objective)[0];
  if (!fastest) throw new Error(`slo: objective is ${objective}, must be such that some burn rate can be exceeded`);
  return shareAt(fastest.factor, objective);
}
