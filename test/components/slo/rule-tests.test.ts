import { describe, expect, it } from "@jest/globals";
import type { Slo } from "../../../components/slo/objective";
import { ruleTests } from "../../../components/slo/rule-tests";

const slo: Slo = {
  name: "checkout",
  team: "payments",
  service: "checkout",
  objective: 0.999,
  windowDays: 30,
  sli: { kind: "availability", errors: 'requests_total{code=~"5.."}', total: "requests_total" },
};

interface WrittenTest {
  readonly name: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
  }[];
}

const tests = (changed: Partial<Slo> = {}) =>
  ruleTests({ ...slo, ...changed }, "checkout.rules.yaml").tests as readonly WrittenTest[];
const called = (part: string, changed?: Partial<Slo>) => {
  const found = tests(changed).find(({ name }) => name.includes(part));
  if (!found) throw new Error(`no test ${part}`);
  return found;
};
const firing = (part: string) =>
  called(part).alert_rule_test.map(({ exp_alerts }) => exp_alerts.map(({ exp_labels }) => exp_labels.long_window));

describe("tests of an objective's rules", () => {
  it("expect each pair just above its burn rate, and not just below", () => {
    expect(firing("14.4 times, 1h and 5m: fires just above")).toEqual([["1h", "6h", "1d", "3d"]]);
    expect(firing("14.4 times, 1h and 5m: is silent just below")).toEqual([["6h", "1d", "3d"]]);
    expect(firing("1 times, 3d and 6h: fires just above")).toEqual([["3d"]]);
    expect(firing("1 times, 3d and 6h: is silent just below")).toEqual([[]]);
  });

  it.each(["1h", "6h", "1d", "3d"])("expect the pair of %s to end with its short window", (long) => {
    const [before, after] = ends(long);
    expect(before).toContain(long);
    expect(after).not.toContain(long);
  });

  it("expect silence where nothing is measured, and a question after a day without series", () => {
    expect(firing("nothing measured")).toEqual([[], []]);
    const { alert_rule_test: looks, input_series: input } = called("no series at all");
    expect(input).toEqual([]);
    expect(looks.map(({ alertname, exp_alerts }) => [alertname, exp_alerts.length])).toEqual([
      ["SloErrorBudgetBurn", 0],
      ["SloUnmeasured", 0],
      ["SloUnmeasured", 1],
    ]);
  });

  it("count events that never go backwards, one value a minute", () => {
    const { input_series: input } = called("14.4 times, 1h and 5m: ends");
    expect(input.map(({ series }) => series)).toEqual(['requests_total{code="200"}', 'requests_total{code="500"}']);
    // 2.2 times 0.0144 of a million for an hour, then none for a quarter of an hour
    expect(input[1]?.values).toBe("0+31680x60 1900800+0x14");
  });

  it("feed what is recorded where counters cannot be made up", () => {
    const raw = { kind: "raw", errors: "rate(a[$window])", total: "rate(b[$window])" } as const;
    const { input_series: input } = called("no bad event", { sli: raw });
    expect(input.map(({ values }) => values)).toEqual(["1000x60", "0x60"]);
  });
});

function ends(long: string): readonly [readonly (string | undefined)[], readonly (string | undefined)[]] {
  const found = tests().find(({ name }) => name.includes(`${long} and`) && name.includes("ends when"));
  const [before = [], after = []] = (found?.alert_rule_test ?? []).map(({ exp_alerts }) =>
    exp_alerts.map(({ exp_labels }) => exp_labels.long_window),
  );
  return [before, after];
}
