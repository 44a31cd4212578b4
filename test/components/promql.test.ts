import { describe, expect, it } from "@jest/globals";
import { unclosedFault } from "../../components/promql";

describe("an expression of PromQL", () => {
  it.each([
    "up",
    'sum by (code) (rate(http_requests_total{path=~"/a(b|c)[0-9]{2}\\"}"}[$window]))',
    "a{b='\"(', c=`\\`}",
    "sum( # of (all\n  up)",
    `a{b="#"}`,
  ])("ends where its text does: %s", (text) => expect(unclosedFault(text)).toBeUndefined());

  it.each([
    ["sum(rate(x[5m])", '"(" is never closed'],
    ["rate(x[5m)", '")" closes nothing'],
    ["sum(x))", '")" closes nothing'],
    ['a{b="c}', 'a text begins with " and does not end'],
    ['a{b="c\\"}', 'a text begins with " and does not end'],
    ["a{b='c\n'}", "a text begins with ' and does not end"],
    ["a{b=`c}", "a text begins with ` and does not end"],
  ])("is told what is open: %s", (text, fault) => expect(unclosedFault(text)).toBe(`must be PromQL: ${fault}`));

  it("does not end with a comment, which would hide what follows", () =>
    expect(unclosedFault("up # and running")).toBe("must not end with a comment: it would hide what follows"));
});
