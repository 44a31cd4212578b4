/** Which webhooks the API server asks about a request. */
import type { ApiRequest } from "./api-request";
import { fieldsOf, listOf, textsOf } from "./field";
import { selects } from "./label-selector";
import { meetsConditions } from "./match-condition";
import { all, some, type Truth } from "./truth";
import type { Webhook } from "./webhook";

/** Kinds about which no webhook is ever asked, so that each can be repaired. */
const NEVER_JUDGED = new Set([
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
  "mutatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "validatingwebhookconfigurations",
]);

/** Whether the API server asks a webhook about a request. */
export function isAsked(webhook: Webhook, request: ApiRequest): Truth {
  if (request.group === "admissionregistration.k8s.io" && NEVER_JUDGED.has(request.resource)) return false;
  const { fields } = webhook;
  const rules = listOf(fields.rules).map((rule) => isRuled(rule, request, fields.matchPolicy !== "Exact"));
  return all(
    some(...rules),
    request.namespaceLabels ? selects(fields.namespaceSelector, request.namespaceLabels) : true,
    selects(fields.objectSelector, request.labels),
    meetsConditions(fields.matchConditions, request),
  );
}

/** @param anyVersion whether a version that is not listed is converted to one that is, so that the rule still counts */
function isRuled(rule: unknown, request: ApiRequest, anyVersion: boolean): boolean {
  const { apiGroups, apiVersions, operations, resources, scope } = fieldsOf(rule);
  const isNamespaced = request.namespace !== undefined && request.kind !== "Namespace";
  const isInScope = scope === undefined || scope === "*" || (scope === "Namespaced") === isNamespaced;
  return (
    isInScope &&
    holds(operations, request.operation) &&
    holds(apiGroups, request.group) &&
    (anyVersion ? textsOf(apiVersions).length > 0 : holds(apiVersions, request.version)) &&
    textsOf(resources).some((pattern) => isNamed(pattern, request))
  );
}

const holds = (patterns: unknown, value: string) => textsOf(patterns).some((one) => one === "*" || one === value);

/** `pods`, `pods/status`, every resource, every subresource: a name without a slash means no subresource. */
function isNamed(pattern: string, { resource, subresource = "" }: ApiRequest): boolean {
  const [ofResource = "", ofSubresource] = pattern.split("/");
  const isResource = ofResource === "*" || ofResource === resource;
  if (ofSubresource === undefined) return isResource && subresource === "";
  return isResource && (ofSubresource === "*" || ofSubresource === subresource);
}
