import { describe, expect, it } from "@jest/globals";
import { type ExperimentArgs, experiment, experimentSeconds } from "../../components/experiment";
import { abortExpression, abortUrl } from "../../components/experiment/abort";
import { cron, overlap } from "../../components/experiment/window";
import { expectGolden } from "../support/golden";
import { declared, everyFault } from "./experiment/declared";

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;

const rendered = (args: Partial<ExperimentArgs> = {}): Rendered => experiment({ ...declared, ...args });
const stepsOf = (schedule: Rendered): Record<string, Rendered> =>
  Object.fromEntries(schedule.spec.workflow.templates.map((each: Rendered) => [each.name, each]));
const secondsOf = (span: string) => Number(span.replace("s", ""));

describe("an experiment", () => {
  it("renders the reviewed manifests, one of each fault", () =>
    expectGolden("experiments", everyFault.map(experiment)));

  it.each(everyFault)("is never started by being there: $name", (args) => {
    const { metadata } = rendered(args);
    expect(metadata.annotations["experiment.chaos-mesh.org/pause"]).toBe("true");
  });

  it.each(everyFault)("ends by itself, each of its steps and all of it: $name", (args) => {
    const schedule = rendered(args);
    const steps = stepsOf(schedule);
    for (const [name, { deadline }] of Object.entries(steps))
      expect([name, secondsOf(deadline) > 0]).toEqual([name, true]);
    expect(secondsOf(steps.fault.deadline)).toBe(declared.durationSeconds);
    const parts = ["before", "under-fault", "after"].map((name) => secondsOf(steps[name]?.deadline));
    expect(secondsOf(steps.experiment?.deadline)).toBeGreaterThanOrEqual(parts.reduce((sum, each) => sum + each, 0));
    expect(secondsOf(steps.experiment?.deadline)).toBe(experimentSeconds(600, 300));
  });

  it.each(everyFault)("is watched before, during and after, and ended by each of these checks: $name", (args) => {
    const steps = stepsOf(rendered(args));
    expect(steps.experiment?.children).toEqual(["before", "under-fault", "after"]);
    expect(steps["under-fault"]).toMatchObject({ templateType: "Parallel", children: ["fault", "watch"] });
    for (const check of ["before", "watch", "after"]) {
      expect(steps[check]).toMatchObject({ templateType: "StatusCheck", abortWithStatusCheck: true });
      expect(steps[check].statusCheck.http).toMatchObject({ criteria: { statusCode: "200" } });
    }
    expect(steps.watch.statusCheck).toMatchObject({ mode: "Continuous", duration: "600s", failureThreshold: 2 });
  });

  it("gives a check the time to be judged", () => {
    const { after, before, watch } = stepsOf(rendered());
    for (const check of [before, watch, after]) {
      expect(secondsOf(check.deadline)).toBeGreaterThan(secondsOf(check.statusCheck.duration));
    }
    const { duration, intervalSeconds, successThreshold } = before.statusCheck;
    expect(successThreshold * intervalSeconds).toBeLessThan(secondsOf(duration));
    const { failureThreshold } = after.statusCheck;
    expect(failureThreshold * intervalSeconds).toBeGreaterThanOrEqual(declared.cleanup.withinSeconds);
  });

  it.each(everyFault)("reaches one namespace, and no more of it than it says: $name", (args) => {
    const { fault } = stepsOf(rendered({ ...args, blastRadius: { percent: 17 } }));
    const { mode, selector, value } = fault.podChaos ?? fault.networkChaos ?? fault.ioChaos ?? fault.timeChaos;
    expect(selector.namespaces).toEqual(["shop"]);
    expect(selector.labelSelectors).toEqual({ app: "cart" });
    if (args.fault.kind === "zone-loss") {
      expect([mode, selector.nodeSelectors]).toEqual(["all", { "topology.kubernetes.io/zone": "eu-1-a" }]);
    } else expect([mode, value]).toEqual(["fixed-percent", "17"]);
    expect(JSON.stringify(fault)).not.toContain("duration");
  });

  it("says of what it is, for whom, and what is believed", () => {
    expect(rendered().metadata).toMatchObject({
      namespace: "chaos-mesh",
      labels: { "fleetwright.dev/tenant": "shop", "fleetwright.dev/slo": "cart-availability" },
      annotations: { "fleetwright.dev/hypothesis": declared.hypothesis },
    });
  });

  it("delays webhooks for the API server alone, and for everybody where pods call for it", () => {
    const fault = { kind: "webhook-delay", latencyMilliseconds: 2000 } as const;
    const targets = (webhookCallers: readonly string[] | undefined) =>
      stepsOf(rendered({ fault, surroundings: { webhookCallers } })).fault.networkChaos;
    expect(targets(["192.0.2.1/32"])).toMatchObject({
      externalTargets: ["192.0.2.1/32"],
      delay: { latency: "2000ms" },
    });
    expect(targets(undefined)).not.toHaveProperty("externalTargets");
  });

  it.each<[Partial<ExperimentArgs>, string]>([
    [{ name: "a".repeat(41) }, "name has 41 characters, must have at most 40"],
    [{ hypothesis: " " }, "hypothesis is empty, must say in one sentence what is believed to hold"],
    [{ target: { ...declared.target, labels: {} } }, "target.labels is empty, must have one label at least"],
    [{ abort: { query: "", threshold: 1 } }, "abort has no query or no threshold"],
    [{ abort: { query: "a", threshold: Number.NaN } }, "abort has no query or no threshold"],
    [{ abort: { query: "sum(a", threshold: 1 } }, 'abort.query is "sum(a", must be PromQL: "(" is never closed'],
    [{ blastRadius: { percent: 0 } }, "blastRadius.percent is 0, must be a whole number of 1–100"],
    [{ blastRadius: { percent: 101 } }, "blastRadius.percent is 101, must be a whole number of 1–100"],
    [{ durationSeconds: 59 }, "durationSeconds is 59, must be a whole number of 60–3600"],
    [{ durationSeconds: 3601 }, "durationSeconds is 3601, must be a whole number of 60–3600"],
    [
      { cleanup: { withinSeconds: 119, keepRuns: 3 } },
      "cleanup.withinSeconds is 119, must be a whole number of 120–3600",
    ],
    [{ cleanup: { withinSeconds: 300, keepRuns: 0 } }, "cleanup.keepRuns is 0, must be a whole number of 1–20"],
  ])("is refused without a bound: %j", (args, message) => {
    expect(() => rendered(args)).toThrow(message);
  });
});

describe("the abort of an experiment", () => {
  it("is asked of Prometheus in one address", () => {
    const url = new URL(abortUrl("http://prometheus.prometheus.svc:9090", { query: 'a{b="c d"}', threshold: 0.5 }));
    expect(url.pathname).toBe("/api/v1/query");
    expect([...url.searchParams]).toEqual([["query", abortExpression({ query: 'a{b="c d"}', threshold: 0.5 })]]);
  });

  it("fails where the query is above the threshold, is no number or knows nothing", () => {
    expect(abortExpression({ query: "up", threshold: 0.5 })).toBe(
      'vector(1) + on () ((label_replace(vector(1), "side", "left", "", "") or label_replace(vector(1), "side", "right", "", "")) * on () group_left () absent((up) <= 0.5))',
    );
  });
});

describe("the window of an experiment", () => {
  it("is a day and a time of the week", () => {
    expect(cron({ day: "tuesday", time: "09:05" })).toBe("5 9 * * 2");
    expect(cron({ day: "sunday", time: "00:00" })).toBe("0 0 * * 0");
  });

  it.each<[string, string, string, string, number, number, boolean]>([
    ["monday", "10:00", "monday", "10:00", 60, 60, true],
    ["monday", "10:00", "monday", "10:59", 3600, 60, true],
    ["monday", "10:00", "monday", "11:00", 3600, 60, false],
    ["monday", "11:00", "monday", "10:00", 60, 3600, false],
    ["monday", "11:00", "monday", "10:00", 60, 3601, true],
    ["saturday", "23:30", "sunday", "00:15", 3600, 60, true],
    ["sunday", "00:15", "saturday", "23:30", 60, 3600, true],
    ["saturday", "23:30", "sunday", "00:30", 3600, 60, false],
    ["monday", "10:00", "tuesday", "10:00", 3600, 3600, false],
  ])("overlaps or not: %s %s and %s %s", (day, time, otherDay, otherTime, seconds, otherSeconds, expected) => {
    const one = { day, time } as ExperimentArgs["window"];
    const other = { day: otherDay, time: otherTime } as ExperimentArgs["window"];
    expect(overlap(one, seconds, other, otherSeconds)).toBe(expected);
  });
});
