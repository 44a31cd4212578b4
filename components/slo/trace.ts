/**
 * What ought to happen along a made-up course of events, reckoned without PromQL: the measure that rules are held to.
 */
import { type BurnRate, burnRates, shareAt, WINDOWS } from "./burn-rates";

/** A stretch of even traffic. */
export interface Stretch {
  /** Its length, a multiple of five minutes. */
  readonly minutes: number;
  /** Share of bad events, 0–1; undefined while there are no events at all. */
  readonly errorShare: number | undefined;
}

/** A course of events, from its first minute. */
export type Trace = readonly Stretch[];

/** Minutes of a whole trace. */
export const lengthOf = (trace: Trace): number => trace.reduce((sum, { minutes }) => sum + minutes, 0);

/** Share of bad events among those of the last so many minutes; undefined without events. */
export function shareWithin(trace: Trace, atMinute: number, minutes: number): number | undefined {
  let [start, events, bad] = [0, 0, 0];
  for (const stretch of trace) {
    const end = start + stretch.minutes;
    const overlap = Math.min(end, atMinute) - Math.max(start, atMinute - minutes);
    if (overlap > 0 && stretch.errorShare !== undefined) {
      events += overlap;
      bad += overlap * stretch.errorShare;
    }
    start = end;
  }
  return events > 0 ? bad / events : undefined;
}

/** The pairs of windows that both burn faster than they may, at one minute of a trace. */
export function firingAt(trace: Trace, atMinute: number, objective: number): BurnRate[] {
  return burnRates(objective).filter(({ factor, long, short }) =>
    [long, short].every((window) => {
      const share = shareWithin(trace, atMinute, WINDOWS[window]);
      return share !== undefined && share > shareAt(factor, objective);
    }),
  );
}
