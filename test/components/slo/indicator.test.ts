import { describe, expect, it } from "@jest/globals";
import { errorRatio, eventRates, type Sli } from "../../../components/slo/indicator";
import { finds, parseSelector, selectorText } from "../../../components/slo/selector";
import { countersOf } from "../../../components/slo/traffic";

const counters: Sli = {
  kind: "availability",
  errors: 'http_requests_total{job="shop",code=~"5.."}',
  total: 'http_requests_total{job="shop"}',
};

describe("an indicator", () => {
  it("of two counters counts bad events as none until there was one, and divides by nothing", () =>
    expect(errorRatio(counters, "5m")).toBe(
      '(sum(rate(http_requests_total{job="shop",code=~"5.."}[5m])) or 0 * sum(rate(http_requests_total{job="shop"}[5m])))' +
        ' / (sum(rate(http_requests_total{job="shop"}[5m])) > 0)',
    ));

  it("of a histogram finds a whole bound as Prometheus 3 writes it, and as 2 did", () => {
    const { bad } = eventRates({ kind: "latency", histogram: "http_seconds", thresholdSeconds: 1 }, "5m");
    expect(bad).toContain('http_seconds_bucket{le=~"1(\\\\.0)?"}');
    const fraction = eventRates({ kind: "latency", histogram: "http_seconds", thresholdSeconds: 0.3 }, "5m");
    expect(fraction.bad).toContain('http_seconds_bucket{le="0.3"}');
  });

  it("of the mesh counts as failed what servers are to blame for, of HTTP and of gRPC, as callers saw it", () => {
    const { bad } = eventRates({ kind: "istio", service: "checkout", namespace: "shop" }, "5m");
    expect(bad).toContain('response_code=~"5.."}[5m]) or rate(');
    expect(bad).toContain('grpc_response_status=~"2|4|12|13|14|15"');
    expect(bad.match(/reporter="source"/g)).toHaveLength(3);
  });

  it("of raw expressions puts the range where they say", () =>
    expect(
      eventRates({ kind: "raw", errors: "rate(a[$window])", total: "rate(b[$window]) + rate(c[$window])" }, "1h").all,
    ).toBe("sum(rate(b[1h]) + rate(c[1h]))"));

  it("is tested with series that its own selectors tell apart", () => {
    expect(countersOf(counters)).toEqual([
      { series: 'http_requests_total{job="shop",code="200"}', counts: "good" },
      { series: 'http_requests_total{job="shop",code="500"}', counts: "bad" },
    ]);
    const apart: Sli = { kind: "availability", errors: "failures_total", total: 'calls_total{zone!="x"}' };
    expect(countersOf(apart)?.map(({ counts }) => counts)).toEqual(["bad", "all"]);
  });

  it("is tested with recorded series where nobody can tell what its counters look like", () => {
    expect(countersOf({ kind: "raw", errors: "a[$window]", total: "b[$window]" })).toBeUndefined();
    expect(countersOf({ kind: "availability", errors: "x", total: "x" })).toBeUndefined();
  });
});

describe("a series selector", () => {
  it.each(['a{b="c",d!="e",f=~"g|h",i!~"j.*"}', "a:b:c", 'x{y="say \\"z\\""}'])("is read and written: %s", (text) => {
    const selector = parseSelector(text);
    expect(selector && selectorText(selector)).toBe(text);
  });

  it.each(["rate(a[5m])", "a{b}", 'a{b="c"', "a + b", "", 'a{b="c"} offset 5m', "a[5m]"])("is not: %s", (text) =>
    expect(parseSelector(text)).toBeUndefined(),
  );

  it("matches whole values, and an absent label as an empty one", () => {
    const selector = { metric: "a", matchers: [{ label: "code", operator: "=~" as const, value: "5.|" }] };
    expect([{ code: "50" }, { code: "500" }, {}].map((labels) => finds(selector, labels))).toEqual([true, false, true]);
  });
});
