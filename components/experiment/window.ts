/** When an experiment may run: once a week, so that it is known beforehand and somebody is there. */

/** Days by the number that cron gives them. */
export const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
export type Day = (typeof DAYS)[number];

export interface Window {
  readonly day: Day;
  /** `HH:MM`, UTC. */
  readonly time: string;
}

const WEEK_SECONDS = 7 * 24 * 3600;

/** Cron, five fields. */
export function cron({ day, time }: Window): string {
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour} * * ${DAYS.indexOf(day)}`;
}

/** Whether two windows of so many seconds share a moment; weeks have no end. */
export function overlap(one: Window, seconds: number, other: Window, otherSeconds: number): boolean {
  const later = (((start(other) - start(one)) % WEEK_SECONDS) + WEEK_SECONDS) % WEEK_SECONDS;
  return later < seconds || WEEK_SECONDS - later < otherSeconds;
}

function start({ day, time }: Window): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return DAYS.indexOf(day) * 24 * 3600 + hours * 3600 + minutes * 60;
}
