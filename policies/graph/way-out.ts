/** How a webhook that fails closed is kept from requests that it must not be asked about, as sentences. */
import type { ApiRequest } from "./api-request";
import { joined } from "./asked-about";
import { fieldsOf, listOf, textsOf } from "./field";
import { NAME_LABEL } from "./object-set";
import type { Webhook } from "./webhook";

/** @param namespaces those that its selector should leave out; of objects of the cluster no such selector asks */
export function wayOut(webhook: Webhook, requests: readonly ApiRequest[], namespaces: readonly string[]): string {
  const ofCluster = requests.filter(({ namespace }) => namespace === undefined);
  return [
    ...(ofCluster.length < requests.length
      ? [`Let its namespaceSelector leave out ${joined(namespaces)}, by ${NAME_LABEL} NotIn [${namespaces.join(", ")}]`]
      : []),
    ...(ofCluster.length > 0 ? [leaveOut(ofCluster)] : []),
    ...(hasStar(webhook) ? ["Let its rules name what it judges in place of *"] : []),
  ].join(". ");
}

function leaveOut(requests: readonly ApiRequest[]): string {
  const resources = new Set(
    requests.map(({ resource, subresource }) => [resource, ...(subresource ? [subresource] : [])].join("/")),
  );
  return (
    `Take ${joined([...resources])} out of its rules (scope: Namespaced leaves out all objects of the cluster), ` +
    `leave ${resources.size > 1 ? "them" : "it"} out by matchConditions, or let it fail open`
  );
}

/** Whether a rule is about every group, or every resource. */
const hasStar = ({ fields }: Webhook): boolean =>
  listOf(fields.rules)
    .map(fieldsOf)
    .some(({ apiGroups, resources }) => [apiGroups, resources].flatMap(textsOf).some((name) => name.includes("*")));
