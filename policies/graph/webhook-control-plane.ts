/** A webhook that fails closed leaves alone what the cluster lives by. */
import { askedAbout, joined } from "./asked-about";
import { controlPlaneRequests, NAMESPACES, systemLabels } from "./control-plane";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { wayOut } from "./way-out";
import { configurationsOf, type Webhook, webhooksOf } from "./webhook";

/** Resources that a message names; more would hide the sentence. */
const MOST_NAMED = 6;

export const webhookControlPlane: GraphJudge = {
  subject: "validating and mutating webhook configurations",
  looksAt: configurationsOf,
  find(set) {
    const asIs = controlPlaneRequests((namespace) => systemLabels(set, namespace));
    const labelled = controlPlaneRequests((namespace) => set.namespaceLabels(namespace));
    return webhooksOf(set).flatMap((webhook) => (webhook.failsClosed ? finding(set, webhook, asIs, labelled) : []));
  },
};

type Requests = Parameters<typeof askedAbout>[1];

/**
 * @param asIs where namespaces of Kubernetes have no labels but their own
 * @param labelled where somebody may have given them others
 */
function finding(set: ObjectSet, webhook: Webhook, asIs: Requests, labelled: Requests): GraphFinding[] {
  const { configuration: on, name, path } = webhook;
  const now = askedAbout(webhook, asIs);
  const always = askedAbout(webhook, labelled).surely;
  if (always.length > 0 || (set.isWhole && now.surely.length > 0)) {
    const asked = always.length > 0 ? now.surely.filter((one) => isAmong(one, always)) : now.surely;
    const message =
      `${path} (${name}) fails closed, and is asked about ${named(asked)}: while its program is away, ` +
      `the cluster itself cannot go on. ${wayOut(webhook, asked, NAMESPACES)}`;
    return [{ on, verdict: "deny", path, message }];
  }
  const [open, until] =
    now.surely.length > 0
      ? [now.surely, "unless a label keeps that namespace out, which is not among these objects"]
      : [now.perhaps, "its matchConditions or selectors decide, which cannot be evaluated here"];
  if (open.length === 0) return [];
  const message = `${path} (${name}) fails closed, and may be asked about ${named(open)}: ${until}. ${wayOut(webhook, open, NAMESPACES)}`;
  return [{ on, verdict: "undetermined", path, message }];
}

const isAmong = ({ operation, what }: Requests[number], others: Requests) =>
  others.some((other) => other.what === what && other.operation === operation);

function named(requests: Requests): string {
  const what = [...new Set(requests.map((request) => request.what))];
  const more = what.length - MOST_NAMED;
  return more > 0 ? `${what.slice(0, MOST_NAMED).join(", ")} and ${more} more` : joined(what);
}
