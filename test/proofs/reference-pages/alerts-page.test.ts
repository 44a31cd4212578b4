import { beforeAll, describe, expect, it } from "@jest/globals";
import { ruleGroups } from "../../../components/slo/rules";
import { ensureUpstream } from "../../../components/upstream";
import { check } from "../../../policies/check";
import { catalogue } from "../../../policies/engine/catalogue";
import type { AnyObject } from "../../../policies/engine/match";
import { selectRules } from "../../../policies/selection";
import { alertingEnvironments, alertSections } from "../../../proofs/reference-pages/alerts-page";
import { type RenderedAlert, renderedAlerts } from "../../../proofs/reference-pages/rendered-alerts";
import { render } from "../../../stacks/render";
import { sloOf } from "../../../stacks/slo-args";
import { filesOf, textOf } from "../../support/sources";

const page = textOf("docs/reference/alerts.md");
const headings = [...page.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text);
const anchors = headings.map((heading) => heading.toLowerCase().replaceAll(" ", "-"));
const environments = alertingEnvironments();
let clusters: ReturnType<typeof render>[] = [];
let all: RenderedAlert[] = [];

beforeAll(async () => {
  await ensureUpstream();
  clusters = environments.map((environment) => render(environment));
  all = clusters.flatMap(renderedAlerts);
}, 300_000);

const runbookOf = ({ rule }: RenderedAlert) => rule.annotations.runbook_url ?? "";

describe("docs/reference/alerts.md", () => {
  it("has a section for every alerting rule that is rendered, and each rule leads to its own", () => {
    expect(all.length).toBeGreaterThan(200);
    const base = environments[0]?.alerts.runbookBaseUrl;
    const lost = all.filter((one) => {
      const [address, anchor = ""] = runbookOf(one).split("#");
      return address !== base || !anchors.includes(anchor) || !one.rule.alert.toLowerCase().startsWith(anchor);
    });
    expect(lost.map(({ rule: { alert }, ...where }) => [alert, where.cluster, where.object])).toEqual([]);
  });

  it("has an anchor of its own for each heading", () => expect(anchors).toEqual([...new Set(anchors)]));

  it("leaves no alert out that a component could state, whatever an environment switches on", () => {
    const stated = filesOf("components/**/*.ts").flatMap((file) =>
      [...textOf(file).matchAll(/^ +name: "([A-Z]\w+)",\n(?: +\/\/.*\n)? +expr:/gm)].map(([, name = ""]) => name),
    );
    expect(stated.length).toBeGreaterThan(60);
    expect(stated.filter((name) => !headings.includes(name))).toEqual([]);
  });

  it("has one section for what every objective and every cluster has", () => {
    const sections = alertSections();
    const burn = sections.find(({ heading }) => heading === "SloErrorBudgetBurn");
    expect(burn?.rules.map(({ rule }) => rule.labels.long_window)).toEqual(["1h", "6h", "1d", "3d"]);
    const silent = sections.find(({ heading }) => heading === "ClusterSilent");
    expect(silent?.names).toEqual(expect.arrayContaining(["ClusterSilentEast", "ClusterSilentEu1"]));
    expect(silent?.rules).toHaveLength(1);
  });

  it("says of each alert what to do, without templates", () => {
    expect(page.match(/^\*\*What to do\.\*\* \S/gm)).toHaveLength(alertSections().length);
    expect(page.replace(/^```[\s\S]*?^```/gm, "")).not.toMatch(/\{\{|undefined/);
  });
});

describe("rule PR-02", () => {
  const said = (objects: readonly AnyObject[]) =>
    check(objects, { parameters: {}, rules: selectRules("PR-02", catalogue().rules) }).results.filter(
      ({ verdict }) => verdict !== "allow",
    );

  it("has nothing to say of the alerts that the platform states", () => {
    const rules = clusters
      .flatMap((rendered) => [...rendered.values()])
      .flatMap((components) => [...components.values()].flat())
      .filter(({ kind }) => kind === "PrometheusRule");
    expect(rules.length).toBeGreaterThan(40);
    expect(said(rules).map(({ message }) => message)).toEqual([]);
  });

  it("asks for the page, and for nothing else, where the environment names none", () => {
    const slo = environments[0] && sloOf(environments[0], "checkout");
    const spec = { groups: slo ? ruleGroups(slo) : [] };
    const metadata = { name: "slo-checkout", namespace: "prometheus" };
    const faults = said([{ apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec }]);
    expect(faults).toHaveLength(5);
    expect(faults.filter(({ message }) => !message.includes("annotations.runbook_url must be"))).toEqual([]);
  });
});
