/**
 * An alert as Prometheus and Thanos' ruler read it, with the address of the page that says what to do.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
import type { Alert } from "./alert";

/** An alerting rule, as Prometheus spells it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Address of a page without a section: `#` and the section follow it. No braces, which Prometheus would take for a
 * template, and neither `|` nor `>`, which would end a link in Slack.
 */
export const RUNBOOK_BASE_URL = /^https:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?(\/[^\s#{}<>|"\\]*)?$/;

/** What such an address must be, for whoever gave another. */
export const RUNBOOK_BASE_URL_BOUND =
  "must be an https:// address without # and braces, such as https://docs.example.com/platform/alerts: # and each alert's name follow it";

/**
 * @param labels who is told, and what else tells the alert from others; its severity is added
 * @param runbookBaseUrl address of the page of runbooks, https; undefined: the alert names none
 * @throws Error naming the alert whose section its name does not begin with, or the address that is none
 */
export function alertingRule(
  alert: Alert,
  labels: Readonly<Record<string, string>>,
  runbookBaseUrl: string | undefined,
): AlertingRule {
  const { action, expr, for: held, name, runbookSection = name, severity, summary } = alert;
  if (!name.startsWith(runbookSection)) {
    throw new Error(`alert ${name}: runbookSection is "${runbookSection}", must be the beginning of its name`);
  }
  if (runbookBaseUrl !== undefined && !RUNBOOK_BASE_URL.test(runbookBaseUrl)) {
    throw new Error(`alert ${name}: runbookBaseUrl is "${runbookBaseUrl}", ${RUNBOOK_BASE_URL_BOUND}`);
  }
  return {
    alert: name,
    expr,
    for: held,
    labels: { ...labels, severity },
    annotations: {
      summary,
      description: action,
      // GitHub's anchor of a heading, and that of every other renderer: its word in lower case
      ...(runbookBaseUrl === undefined ? {} : { runbook_url: `${runbookBaseUrl}#${runbookSection.toLowerCase()}` }),
    },
  };
}
