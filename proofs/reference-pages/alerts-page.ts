/**
 * `docs/reference/alerts.md`: the page of runbooks that `alerts.runbookBaseUrl` leads to, one section for each alert, from
 * the rules that are rendered.
 */
import { join } from "node:path";
import type { AlertingRule } from "../../components/alerting-rule";
import { packageRoot } from "../../components/package-root";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { type RenderedAlert, renderedAlerts } from "./rendered-alerts";

/** One section of the page. */
export interface AlertSection {
  /** Its heading; its anchor is this in lower case. */
  readonly heading: string;
  readonly component: string;
  /** Rules of one name and one object: several of one objective, else one. */
  readonly rules: readonly RenderedAlert[];
  /** Names of all alerts that share it. */
  readonly names: readonly string[];
}

/** Environments whose hubs have, between them, every component with everything that alerts. */
export function alertingEnvironments(): Environment[] {
  const dev = loadEnvironment("dev", packageRoot());
  const prod = loadEnvironment("prod", join(packageRoot(), "examples", "prod"));
  const template = { apiVersion: "example.com/v1", kind: "RebootTemplate", name: "reboot", namespace: "reboot" };
  const nodeHealthCheck = {
    ...prod.components.nodeHealthCheck,
    remediation: [{ ...template, timeoutSeconds: 300 }],
  };
  return [dev, { ...prod, components: { ...prod.components, nodeHealthCheck } }];
}

/** The sections, by component and name. */
export function alertSections(): AlertSection[] {
  const all = alertingEnvironments().flatMap((environment) =>
    renderedAlerts(render(environment, environment.name, ["hub"])),
  );
  const sections = new Map<string, RenderedAlert[]>();
  for (const one of all) {
    const heading = headingOf(one);
    sections.set(heading, [...(sections.get(heading) ?? []), one]);
  }
  return [...sections]
    .map(([heading, [first, ...others]]) => sectionOf(heading, first as RenderedAlert, others))
    .sort((a, b) => order(a).localeCompare(order(b), "en"));
}

const order = ({ component, heading }: AlertSection) => `${component} ${heading}`;

/** The part of the alert's name that its runbook's address ends in. */
function headingOf({ rule: { alert, annotations } }: RenderedAlert): string {
  const anchor = annotations.runbook_url?.split("#")[1];
  if (anchor === undefined) throw new Error(`${alert} names no runbook: its environment has no alerts.runbookBaseUrl`);
  return alert.slice(0, anchor.length);
}

function sectionOf(heading: string, first: RenderedAlert, others: readonly RenderedAlert[]): AlertSection {
  const same = others.filter(({ cluster, object, rule: { alert } }) => {
    return cluster === first.cluster && object === first.object && alert === first.rule.alert;
  });
  // the same rule of another environment is no second one
  const distinct = new Map([first, ...same].map((one) => [one.rule.expr, one]));
  const names = [...new Set([first, ...others].map(({ rule }) => rule.alert))].sort();
  return { heading, component: first.component, rules: [...distinct.values()], names };
}

export function alertsPage(): string {
  const sections = alertSections();
  const components = [...new Set(sections.map(({ component }) => component))];
  return [
    "# Alerts",
    "",
    "Every alert of the platform: when it fires, what it means, what to do. `npm run reference` makes this page from the rules that are",
    "rendered.",
    "",
    "Publish it where your people read, and say where in the environment file: each alert then leads to its section, by the annotation",
    "`runbook_url`.",
    "",
    "```yaml",
    "alerts:",
    "  runbookBaseUrl: https://docs.acme.example/platform/alerts",
    "```",
    "",
    "The package has it as `node_modules/fleetwright/docs/reference/alerts.md`. Any page will do whose headings are the alerts' names: what",
    "you know of your own platform belongs in yours. Labels of the series stand in italics.",
    "",
    ...components.flatMap((component) => [
      `## ${component}`,
      "",
      ...sections.filter((section) => section.component === component).flatMap(written),
    ]),
  ].join("\n");
}

function written({ heading, names, rules }: AlertSection): string[] {
  const [{ rule }] = rules as readonly [RenderedAlert];
  return [
    `### ${heading}`,
    "",
    ...exampleOf(heading, names, rule),
    prose(rule.annotations.summary),
    "",
    `**What to do.** ${prose(rule.annotations.description)}`,
    "",
    ...rules.flatMap(({ rule: { expr, for: held, labels } }) => [
      `Fires as \`${labels.severity}\`, ${labels.severity === "none" ? "which calls nobody, " : ""}${held === "0m" ? "at once" : `after \`${held}\``}:`,
      "",
      "```promql",
      expr,
      "```",
      "",
    ]),
  ];
}

/** Of what the section is an example, where alerts of one kind share it. */
function exampleOf(heading: string, names: readonly string[], { alert, labels }: AlertingRule): string[] {
  if (labels.slo !== undefined) return [`Each objective has it; here it is that of \`${labels.slo}\`.`, ""];
  return names.includes(heading) ? [] : [`Each cluster has one; here it is \`${alert}\`.`, ""];
}

/** Templates as what they stand for: `{{ $labels.pod }}` is the pod. */
const prose = (text = "") =>
  text.replace(/\{\{ *\$labels\.(\w+)[^}]*\}\}/g, "*$1*").replace(/\{\{ *\$value[^}]*\}\}/g, "*value*");
