import { describe, expect, it } from "@jest/globals";
import { sloPart } from "../../components/slo";
import { abortQuery } from "../../components/slo/abort";
import { canaryAnalysis } from "../../components/slo/canary";
import type { Slo } from "../../components/slo/objective";
import { ruleGroups } from "../../components/slo/rules";
import { expectGolden } from "../support/golden";

const checkout: Slo = {
  name: "checkout",
  tenant: "shop",
  team: "payments",
  service: "checkout",
  objective: 0.999,
  windowDays: 30,
  sli: { kind: "istio", service: "checkout", namespace: "shop", latencyMilliseconds: 500 },
};
const api: Slo = {
  name: "kubernetes-api",
  team: "platform",
  service: "kubernetes-api",
  objective: 0.9995,
  windowDays: 28,
  sli: { kind: "availability", errors: 'apiserver_request_total{code=~"5.."}', total: "apiserver_request_total" },
};

const alerts = (slo: Slo) =>
  ruleGroups(slo)
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => ("alert" in rule && rule.alert === "SloErrorBudgetBurn" ? [rule] : []));

const changed = (change: Partial<Slo>) => () => sloPart({ prometheus: true, slos: [{ ...checkout, ...change }] });

describe("objectives", () => {
  it("render the reviewed manifests", () =>
    expectGolden("slo", sloPart({ prometheus: true, slos: [checkout, api] }).objects));

  it("are rules where the platform has a Prometheus, and nothing elsewhere", () => {
    expect(sloPart({ prometheus: true, slos: [checkout] }).objects.map(({ kind }) => kind)).toEqual(["PrometheusRule"]);
    expect(sloPart({ prometheus: false, slos: [checkout] }).objects).toEqual([]);
  });

  it("keep their rules in the namespace that Prometheus reads, whosever they are", () =>
    expect(
      sloPart({ prometheus: true, slos: [checkout, api] }).objects.map(({ metadata }) => metadata.namespace),
    ).toEqual(["prometheus", "prometheus"]));

  it("tell somebody by the pairs of windows of the SRE workbook", () =>
    expect(
      alerts(checkout).map(({ expr, labels }) => [labels.severity, labels.long_window, labels.short_window, expr]),
    ).toEqual([
      ["critical", "1h", "5m", burning("1h", "5m", 0.0144)],
      ["critical", "6h", "30m", burning("6h", "30m", 0.006)],
      ["warning", "1d", "2h", burning("1d", "2h", 0.003)],
      ["warning", "3d", "6h", burning("3d", "6h", 0.001)],
    ]));

  it("name whom the alert is for: team and tenant, by which Alertmanager routes", () => {
    expect(alerts(checkout)[0]?.labels).toMatchObject({ team: "payments", tenant: "shop", slo: "checkout" });
    expect(alerts(api)[0]?.labels).not.toHaveProperty("tenant");
  });

  it("say in alerts which share of the budget is gone", () =>
    expect(
      alerts(checkout).map(({ annotations }) => /more than ([\d.]+) %/.exec(annotations.summary ?? "")?.[1]),
    ).toEqual(["2", "5", "10", "10"]));

  it("say in alerts where is told what to do, the same place for every objective", () => {
    const base = "https://docs.acme.example/alerts";
    const rules = [checkout, api].flatMap((slo) => ruleGroups(slo, base)).flatMap((group) => group.rules);
    const runbooks = rules.flatMap((rule) => ("alert" in rule ? [rule.annotations.runbook_url] : []));
    expect(new Set(runbooks)).toEqual(new Set([`${base}#sloerrorbudgetburn`, `${base}#slounmeasured`]));
  });

  it("leave out the alert that not even total failure could reach", () =>
    expect(alerts({ ...checkout, objective: 0.9 }).map(({ labels }) => labels.long_window)).toEqual([
      "6h",
      "1d",
      "3d",
    ]));

  it("record the rest of the budget over the whole window", () => {
    const budget = ruleGroups(api).find(({ name }) => name.endsWith("-budget"));
    expect(JSON.stringify(budget)).toContain("[28d]");
    expect(JSON.stringify(budget)).toContain("/ 0.0005");
  });

  it("judge a canary by its own pods, at the share that calls somebody", () => {
    const { name, query, threshold } = canaryAnalysis(checkout);
    expect([name, threshold]).toEqual(["slo-checkout", 0.0144]);
    expect(query.match(/pod=~"\.\+-\{\{args\.canary-hash\}\}-\.\+"/g)).toHaveLength(query.split("rate(").length - 1);
    expect(query).toContain('reporter="destination"');
    expect(query).not.toContain('reporter="source"');
  });

  it("end an experiment at the same share, by the counters themselves", () => {
    const { query, slo, threshold } = abortQuery({ ...checkout, objective: 0.9 });
    expect([slo, threshold]).toEqual(["checkout", 0.6]);
    expect(query).toMatch(/ \/ \(.* > 0\)$/);
    expect(query).not.toContain("slo:");
  });

  it.each<[string, Partial<Slo>, string]>([
    ["an objective of one", { objective: 1 }, "objective is 1, must be a share of 0.9–0.99999"],
    ["an objective in percent", { objective: 99.9 }, "objective is 99.9, must be a share"],
    ["a window of a day", { windowDays: 1 }, "windowDays is 1, must be a whole number of 7–90"],
    ["a name that objects cannot have", { name: "a".repeat(60) }, "must have at most 59"],
    ["a service that breaks out of its label", { service: 'x"' }, "without quotes"],
    [
      "a bound that proxies do not count",
      { sli: { kind: "istio", service: "a", namespace: "b", latencyMilliseconds: 300 } },
      'sli.latencyMilliseconds is "300", must be the bound of a bucket of proxies',
    ],
    [
      "an expression where a selector must stand",
      { sli: { kind: "availability", errors: "rate(x[5m])", total: "x" } },
      "sli.errors is",
    ],
    ["a service that an alert's label would read as a template", { service: "{{ $value }}" }, "without quotes"],
    [
      "a raw expression that does not end",
      { sli: { kind: "raw", errors: "sum(rate(x[$window])", total: "x" } },
      'sli.errors is "sum(rate(x[$window])", must be PromQL: "(" is never closed',
    ],
    [
      "a raw expression of a fixed range",
      { sli: { kind: "raw", errors: "rate(x[5m])", total: "x" } },
      "must hold $window",
    ],
  ])("refuse %s", (_, change, sentence) => expect(changed(change)).toThrow(sentence));

  it("refuse two of one name", () =>
    expect(() => sloPart({ prometheus: true, slos: [checkout, checkout] })).toThrow("slo checkout: stands twice"));
});

const burning = (long: string, short: string, share: number) =>
  [long, short].map((window) => `slo:error_ratio:rate${window}{slo="checkout"} > ${share}`).join(" and ");
