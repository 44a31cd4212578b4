/**
 * Alerts of the platform's components as Prometheus' rules: one PrometheusRule per component.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
import type { Alert } from "../alert";
import { alertingRule } from "../alerting-rule";
import type { KubeObject } from "../kube-object";
import { objectLabels, requireDnsLabel } from "../labels";
import { PROMETHEUS_NAMESPACE } from "./names";

/** What one component wants to be told of. */
export interface AlertGroup {
  /** The component, a DNS label. */
  readonly name: string;
  readonly alerts: readonly Alert[];
}

/**
 * A PrometheusRule for each component that states alerts.
 *
 * @param team who is told: the value of the label `team`
 * @param runbookBaseUrl address of the page of runbooks, https; undefined: no rule names one
 * @throws Error naming the alert that is misspelt or has the name of another
 */
export function alertRules(
  groups: readonly AlertGroup[],
  team: string,
  runbookBaseUrl: string | undefined,
): KubeObject[] {
  requireDnsLabel("prometheus", "team", team);
  const stated = groups.filter(({ alerts }) => alerts.length > 0);
  checkAlerts(stated);
  return stated.map(({ alerts, name }) => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace: PROMETHEUS_NAMESPACE, labels: objectLabels("prometheus", "rules") },
    spec: { groups: [{ name, rules: alerts.map((alert) => alertingRule(alert, { team }, runbookBaseUrl)) }] },
  }));
}

/** @throws Error naming the component, the alert, and what is wrong with it */
function checkAlerts(groups: readonly AlertGroup[]): void {
  const owners = new Map<string, string>();
  for (const { alerts, name: component } of groups) {
    for (const { expr, for: held, name } of alerts) {
      const whose = `${component}: alert ${name}`;
      const other = owners.get(name);
      if (other !== undefined) throw new Error(`${whose} is stated by ${other} as well, must have a name of its own`);
      if (!/^[A-Z][A-Za-z0-9]+$/.test(name)) throw new Error(`${whose} is misspelt, must be CamelCase`);
      if (!/^([0-9]+[smhd])+$/.test(held)) {
        throw new Error(`${whose}: for is "${held}", must be a Prometheus duration such as 10m`);
      }
      if (expr.trim() === "") throw new Error(`${whose}: expr is empty, must be PromQL`);
      owners.set(name, component);
    }
  }
}
