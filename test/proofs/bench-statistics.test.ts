import { describe, expect, it } from "@jest/globals";
import { median, percentile, rounded, shareOf } from "../../proofs/bench/statistics";

describe("statistics", () => {
  it("takes the middle value, or the mean of the two in the middle, whatever their order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([8, 1, 2, 4])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it("has no median of nothing", () => {
    expect(() => median([])).toThrow("the median of no values was asked for");
  });

  it("takes as a percentile the smallest value that so many do not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([3, 1], 0.99)).toBe(3);
    expect(() => percentile([], 0.5)).toThrow("a percentile of no values was asked for");
  });

  it("rounds to two digits unless told otherwise", () => {
    expect(rounded(1.2345)).toBe(1.23);
    expect(rounded(0.0987, 3)).toBe(0.099);
  });

  it("says how much of a whole the difference is, and takes less than nothing for noise", () => {
    expect(shareOf(10, 9)).toBe(0.1);
    expect(shareOf(10, 11)).toBe(0);
  });
});
