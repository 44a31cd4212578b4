import { describe, expect, it } from "@jest/globals";
import { baselineOf, regression } from "../../../lifecycle/drill/regression";
import { type DrillReport, verdictOf } from "../../../lifecycle/drill/report";

const sound = { name: "tools", ok: true, message: "all there" };
const lack = { name: "keys", ok: false, message: "the CA is missing", cure: "issue it" };
const wrong = { name: "clean", ok: false, message: "1 to change" };

describe("a verdict", () => {
  it("is void where something was lacking, with what to do, and nothing else counts", () => {
    expect(verdictOf([sound, lack], [])).toEqual({ verdict: "void", reasons: ["keys: the CA is missing; issue it"] });
  });

  it("is failed by any one finding", () => {
    expect(verdictOf([sound], [sound, wrong])).toEqual({ verdict: "failed", reasons: ["clean: 1 to change"] });
  });

  it("is passed only where something was looked at", () => {
    expect(verdictOf([sound], [sound])).toEqual({ verdict: "passed", reasons: [] });
    expect(verdictOf([sound], []).verdict).toBe("void");
  });
});

describe("a comparison with results before", () => {
  const result = (rtoSeconds: number | null, change: Partial<DrillReport> = {}) => ({
    environment: "dev",
    scenario: "cluster-lost" as const,
    clusters: ["east"],
    objects: { hub: 900, east: 100 },
    startedAt: "2026-11-01T00:00:00.000Z",
    verdict: "passed" as const,
    rtoSeconds,
    ...change,
  });
  const now = result(null, { startedAt: "2026-11-30T00:00:00.000Z" });

  it("takes the median of the last five that passed", () => {
    const times = [500, 40, 60, 50, 30, 70].map((seconds, day) =>
      result(seconds, { startedAt: `2026-11-0${day + 1}` }),
    );
    expect(baselineOf(now, times)).toEqual({ rtoSeconds: 50, results: 5, mostSeconds: 75 });
  });

  it.each([
    ["failed", { verdict: "failed" as const }],
    ["of another scenario", { scenario: "state-lost" as const }],
    ["of another environment", { environment: "prod" }],
    ["of more clusters", { clusters: ["east", "hub"] }],
    ["of a cluster that was a fifth smaller and more", { objects: { hub: 900, east: 79 } }],
  ])("passes over one that is %s", (_, change) => {
    expect(baselineOf(now, [result(50, change)])).toBeUndefined();
  });

  it("takes one of another cluster of about the same size", () => {
    expect(baselineOf(now, [result(50, { clusters: ["west"], objects: { west: 85 } })])?.rtoSeconds).toBe(50);
  });

  it("lets half as long again pass, or twenty seconds more where that is more, and nothing beyond", () => {
    const of = (seconds: number) => baselineOf(now, [result(seconds)]);
    expect(regression(150, of(100)).ok).toBe(true);
    expect(regression(150.1, of(100))).toEqual({
      name: "regression",
      ok: false,
      message: "150.1 s, after 100 s in the result before: more than 150 s, half as long again",
    });
    expect(regression(30, of(10)).ok).toBe(true);
    expect(regression(30.1, of(10)).ok).toBe(false);
    expect(regression(1000, undefined).ok).toBe(true);
  });
});
