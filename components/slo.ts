/**
 * Service level objectives: what is promised of services, told once, and what follows from it.
 *
 *     Slo ─┬─▶ recording rules, burn-rate alerts, budget   PrometheusRule
 *          ├─▶ judge of canaries                           canaryAnalysis()
 *          └─▶ end of experiments                          abortQuery()
 *
 * @see https://sre.google/workbook/implementing-slos/
 */
import type { KubeObject } from "./kube-object";
import { objectLabels } from "./labels";
import type { Part } from "./part";
import { checkSlo, type Slo } from "./slo/objective";
import { ruleGroups } from "./slo/rules";

/** That of Prometheus, which reads rules of its own namespace only: a tenant can make it evaluate nothing. */
const RULES_NAMESPACE = "prometheus";

export interface SloArgs {
  /** The objectives of services of this cluster, names distinct. */
  readonly slos: readonly Slo[];
  /** Whether the cluster has a Prometheus of the platform, which reads PrometheusRules: else none are made. */
  readonly prometheus: boolean;
  /** Address of the page of runbooks, https and without `#`, that every alert names its section of. @default none: alerts name no page */
  readonly runbookBaseUrl?: string | undefined;
}

/** Name of the PrometheusRule of an objective, in the namespace of Prometheus. */
export const sloRuleName = ({ name }: Pick<Slo, "name">): string => `slo-${name}`;

/**
 * All that the objectives of one cluster come to.
 *
 * @throws Error naming the SLO, the field, its value and the bound
 */
export function sloPart({ prometheus, runbookBaseUrl, slos }: SloArgs): Part {
  const names = slos.map(({ name }) => name);
  for (const [index, slo] of slos.entries()) {
    checkSlo(slo);
    if (names.indexOf(slo.name) < index) throw new Error(`slo ${slo.name}: stands twice, each needs a name of its own`);
  }
  return {
    name: "slo",
    namespaces: [],
    flows: [],
    objects: prometheus ? slos.map((slo) => prometheusRule(slo, runbookBaseUrl)) : [],
  };
}

function prometheusRule(slo: Slo, runbookBaseUrl: string | undefined): KubeObject {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: sloRuleName(slo), namespace: RULES_NAMESPACE, labels: objectLabels("slo") },
    spec: { groups: ruleGroups(slo, runbookBaseUrl) },
  };
}
