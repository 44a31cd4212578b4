/** The rules over sets of objects, by id. */
import { definitionFirst } from "./definition-first";
import { type GraphJudge, type GraphRule, readGraphRule } from "./graph-rule";
import { namespaceFirst } from "./namespace-first";
import { needCircle } from "./need-circle";
import { oneDefinition } from "./one-definition";
import { ownerCluster } from "./owner-cluster";
import { serviceBackend } from "./service-backend";
import { stageOrder } from "./stage-order";
import { webhookCircle } from "./webhook-circle";
import { webhookControlPlane } from "./webhook-control-plane";
import { webhookSelf } from "./webhook-self";
import { webhookTimeout } from "./webhook-timeout";

/** By name, which is that of the folder with what the rule says of itself and its cases. */
const JUDGES: Readonly<Record<string, GraphJudge>> = {
  "definition-first": definitionFirst,
  "namespace-first": namespaceFirst,
  "need-circle": needCircle,
  "one-definition": oneDefinition,
  "owner-cluster": ownerCluster,
  "service-backend": serviceBackend,
  "stage-order": stageOrder,
  "webhook-circle": webhookCircle,
  "webhook-control-plane": webhookControlPlane,
  "webhook-self": webhookSelf,
  "webhook-timeout": webhookTimeout,
};

let rules: readonly GraphRule[] | undefined;

/** Read once per process. */
export function graphRules(): readonly GraphRule[] {
  rules ??= Object.entries(JUDGES)
    .map(([name, judge]) => readGraphRule(name, judge))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return rules;
}
