/** The alerting rules that environments are rendered with, by the section of the page of runbooks that each names. */
import { parse } from "yaml";
import type { AlertingRule } from "../../components/alerting-rule";
import type { KubeObject } from "../../components/kube-object";
import type { render } from "../../stacks/render";

/** One rendered rule, and where it comes from. */
export interface RenderedAlert {
  readonly cluster: string;
  /** Component that states it. */
  readonly component: string;
  /** Object that holds it, `<kind>/<name>`. */
  readonly object: string;
  readonly rule: AlertingRule;
}

/** Every alerting rule of rendered clusters, whoever evaluates it. */
export function renderedAlerts(clusters: ReturnType<typeof render>): RenderedAlert[] {
  return [...clusters].flatMap(([cluster, components]) =>
    [...components].flatMap(([component, objects]) =>
      objects.flatMap((object) =>
        alertsOf(object).map((rule) => ({
          cluster,
          // Prometheus keeps the alerts of every component, in a rule that has the component's name
          component: component === "prometheus" ? object.metadata.name : component,
          object: `${object.kind}/${object.metadata.name}`,
          rule,
        })),
      ),
    ),
  );
}

interface RuleGroups {
  readonly groups?: readonly { readonly rules: readonly (AlertingRule | { readonly record: string })[] }[];
}

/** Those of a PrometheusRule, and of files of rules such as the ruler's. */
function alertsOf({ data, kind, spec }: KubeObject): AlertingRule[] {
  const files = kind === "ConfigMap" ? Object.entries((data ?? {}) as Readonly<Record<string, string>>) : [];
  const groups = [
    ...(kind === "PrometheusRule" ? [spec as RuleGroups] : []),
    ...files.filter(([name]) => name === "rules.yaml").map(([, text]) => parse(text) as RuleGroups),
  ].flatMap((file) => file.groups ?? []);
  return groups.flatMap(({ rules }) => rules).flatMap((rule) => ("alert" in rule ? [rule] : []));
}
