import { describe, expect, it } from "@jest/globals";
import type { Alert } from "../../components/alert";
import { alertingRule } from "../../components/alerting-rule";
import { alert } from "./prometheus/rendered";

const BASE = "https://docs.acme.example/platform/alerts";
const runbook = (base: string | undefined, of: Partial<Alert> = {}) =>
  alertingRule({ ...alert, ...of }, {}, base).annotations.runbook_url;

describe("an alerting rule", () => {
  it("says how bad it is, who is told, what it means and what to do", () =>
    expect(alertingRule(alert, { team: "platform" }, BASE)).toEqual({
      alert: "CartFull",
      expr: "cart_items > 3",
      for: "5m",
      labels: { team: "platform", severity: "warning" },
      annotations: {
        summary: "Cart {{ $labels.pod }} is full.",
        description: "Empty it.",
        runbook_url: `${BASE}#cartfull`,
      },
    }));

  it("leads to the section of its name, or to the one that its kind shares", () => {
    expect(runbook("https://docs.acme.example/alerts/")).toBe("https://docs.acme.example/alerts/#cartfull");
    expect(runbook(BASE, { runbookSection: "Cart" })).toBe(`${BASE}#cart`);
  });

  it("leads nowhere where no page is named", () =>
    expect(alertingRule(alert, {}, undefined).annotations).not.toHaveProperty("runbook_url"));

  it.each([
    ["plain http", "http://docs.acme.example/alerts"],
    ["no host", "https:///alerts"],
    ["a path alone", "/alerts"],
    ["a section of its own", `${BASE}#top`],
    ["a user and a password", "https://me:secret@docs.acme.example/alerts"],
    ["a template of Prometheus", "https://docs.acme.example/{{ $labels.team }}"],
    ["a space", "https://docs.acme.example/our alerts"],
  ])("refuses an address with %s", (_, base) =>
    expect(() => runbook(base)).toThrow(
      `alert CartFull: runbookBaseUrl is "${base}", must be an https:// address without # and braces, such as`,
    ),
  );

  it("refuses a section that is not the beginning of its name", () =>
    expect(() => runbook(BASE, { runbookSection: "Basket" })).toThrow(
      'alert CartFull: runbookSection is "Basket", must be the beginning of its name',
    ));
});
