import { describe, expect, it } from "@jest/globals";
import { median, rounded, shareOf } from "../../proofs/bench/statistics";

describe("statistics", () => {
  it("takes the middle value, or the mean of the two in the middle, whatever their order", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([8, 1, 2, 4])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it("has no median of nothing", () => {
    expect(() => median([])).toThrow("the median of no values was asked for");
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
