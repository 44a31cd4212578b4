/** A webhook that fails closed is not asked about what its own answer needs. */
import { askedAbout, shownRequests } from "./asked-about";
import { type Backend, backendOf, repairRequests, restartRequests } from "./backend";
import { listOf } from "./field";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import { selectsEverything } from "./label-selector";
import type { ObjectSet } from "./object-set";
import { wayOut } from "./way-out";
import { configurationsOf, type ServiceReference, type Webhook, webhooksOf } from "./webhook";

export const webhookSelf: GraphJudge = {
  subject: "validating and mutating webhook configurations",
  looksAt: configurationsOf,
  find: (set) =>
    webhooksOf(set).flatMap((webhook) => {
      const { failsClosed, service } = webhook;
      return failsClosed && service ? finding(set, webhook, service) : [];
    }),
};

function finding(set: ObjectSet, webhook: Webhook, service: ServiceReference): GraphFinding[] {
  const backend = backendOf(set, service);
  const requests = [...restartRequests(set, backend), ...repairRequests(set, backend)];
  const { perhaps, surely } = askedAbout(webhook, requests);
  const { configuration: on, name, path } = webhook;
  const subject = `${path} (${name}) fails closed, and is asked about what its own ${backend.shown} needs`;
  const consequence = "while none of its pods answers, none of that is possible";
  if (surely.length > 0) {
    const message = `${subject}: ${shownRequests(surely)}; ${consequence}. ${wayOut(webhook, surely, [backend.namespace])}`;
    return [{ on, verdict: "deny", path, message }];
  }
  if (perhaps.length === 0) return [];
  const message = `${path} (${name}) fails closed, and may be asked about what its own ${backend.shown} needs: ${shownRequests(perhaps)}; ${whyOpen(set, webhook, backend)}`;
  return [{ on, verdict: "undetermined", path, message }];
}

/** What would have to be known. */
function whyOpen(set: ObjectSet, { fields }: Webhook, { namespace, workloads }: Backend): string {
  const { matchConditions, namespaceSelector, objectSelector } = fields;
  if (!selectsEverything(namespaceSelector) && !set.namespace(namespace))
    return `the labels of Namespace ${namespace}, which is not among these objects, decide`;
  if (!selectsEverything(objectSelector) && workloads.length === 0) {
    return "the labels of its pods, whose workload is not among these objects, decide";
  }
  return listOf(matchConditions).length > 0 ? "its matchConditions decide" : "its selectors decide";
}
