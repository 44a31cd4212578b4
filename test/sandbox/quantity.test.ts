import { describe, expect, it } from "@jest/globals";
import { amountOf } from "../../sandbox/quantity";

describe("a quantity", () => {
  it.each([
    ["500m", 0.5],
    ["2", 2],
    ["1.5Gi", 1.5 * 1024 ** 3],
    ["1G", 1e9],
    ["2e3", 2000],
    ["100k", 100_000],
  ])("%s is %d", (text, amount) => {
    expect(amountOf(text)).toBeCloseTo(amount);
  });

  it.each(["", "lots", "1Zi", "Gi"])("'%s' is none", (text) => {
    expect(() => amountOf(text)).toThrow(`'${text}' is no quantity`);
  });
});
