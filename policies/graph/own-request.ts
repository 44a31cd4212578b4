/** The request that an object of the set itself makes when it is applied. */
import type { ApiRequest } from "./api-request";
import { exactly } from "./label-selector";
import type { ObjectSet } from "./object-set";
import type { SetObject } from "./set-object";

export function ownRequest(set: ObjectSet, one: SetObject, operation: ApiRequest["operation"]): ApiRequest {
  const { group, kind, labels, name, namespace, object, version } = one;
  const where =
    kind === "Namespace" ? { namespace: name, namespaceLabels: set.namespaceLabels(name) } : whereOf(set, namespace);
  return {
    what: `${kind} ${name}`,
    operation,
    group,
    version,
    kind,
    resource: set.resourceOf(one),
    ...where,
    name,
    labels: exactly(labels),
    object,
  };
}

const whereOf = (set: ObjectSet, namespace: string) =>
  namespace === "" ? {} : { namespace, namespaceLabels: set.namespaceLabels(namespace) };
