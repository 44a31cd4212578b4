/** Services that kube-apiserver calls: webhooks, aggregated APIs, conversion of custom resources. */
import type { KubeObject } from "../kube-object";
import type { ClusterIndex } from "./cluster-index";
import { ABSENT, at, type Dangling, entriesOf, fieldsOf } from "./reference";

export function webhookReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index
      .ofKind("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
      .flatMap((from) =>
        entriesOf(from.webhooks).flatMap((webhook, position) =>
          called(index, from, `webhooks[${position}].clientConfig.service`, at(webhook, "clientConfig", "service")),
        ),
      ),
    ...index
      .ofKind("CustomResourceDefinition")
      .flatMap((from) =>
        called(
          index,
          from,
          "spec.conversion.webhook.clientConfig.service",
          at(from, "spec", "conversion", "webhook", "clientConfig", "service"),
        ),
      ),
    ...index.ofKind("APIService").flatMap((from) => called(index, from, "spec.service", at(from, "spec", "service"))),
  ];
}

function called(index: ClusterIndex, from: KubeObject, field: string, service: unknown): Dangling[] {
  if (service === undefined || service === null) return [];
  const { name, namespace, port = 443 } = fieldsOf(service);
  const [its, where] = [String(name), String(namespace)];
  const target = `Service ${where}/${its}`;
  if (!index.find("Service", its, where)) {
    return index.has("Service", its, where) ? [] : [{ from, field, target, problem: ABSENT }];
  }
  const found = index.servicePort(where, its, Number(port));
  if (!found) return [{ from, field, target: `port ${port} of ${target}`, problem: "which it does not have" }];
  return index
    .behind(where, its, found)
    .filter(({ pods, port: listens }) => !index.allows("control-plane", pods, listens))
    .map(({ port: listens }) => ({
      from,
      field,
      target,
      problem: `but no flow lets the control plane call its pods on port ${listens}`,
    }));
}
