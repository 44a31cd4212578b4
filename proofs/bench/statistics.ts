/** The little arithmetic that the report needs. */

/** @throws Error without values: nothing was measured, and no number stands for that */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const above = sorted[Math.floor(middle)];
  const below = sorted[Math.ceil(middle) - 1];
  if (above === undefined || below === undefined) throw new Error("the median of no values was asked for");
  return (above + below) / 2;
}

/**
 * The smallest of the values that so large a share of them does not exceed.
 *
 * @param share 0–1
 * @throws Error without values
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("a percentile of no values was asked for");
  return value;
}

/** To so many digits after the point: what follows is noise. */
export const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

/** How much of `whole` the difference to `without` is, 0–1; never below 0, which can only be noise. */
export const shareOf = (whole: number, without: number) => Math.max(0, (whole - without) / whole);
