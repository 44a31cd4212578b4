/**
 * Webhooks that nobody answers while something goes which they judge: dead now, or because their program goes first.
 * Whose configuration goes before all that it judges holds up nothing.
 */
import { exactly, selects } from "../../policies/graph/label-selector";
import { key, leadsTo } from "./answering";
import { about, type ClusterScene, liveOf } from "./cluster-scene";
import { type Finding, some, spelt } from "./finding";
import type { Going } from "./going";
import type { LiveObject } from "./live-object";
import type { ServiceReference, Webhook, WebhookConfiguration } from "./snapshot";

/** One finding per webhook that would refuse, or delay, what is to go. */
export function deafWebhooks(scene: ClusterScene): Finding[] {
  return scene.snapshot.webhookConfigurations.flatMap((configuration) => {
    const object = liveOf(scene, configuration.metadata.uid);
    return object
      ? (configuration.webhooks ?? []).flatMap((webhook) => judged(scene, configuration, webhook, object))
      : [];
  });
}

function judged(scene: ClusterScene, { kind }: WebhookConfiguration, webhook: Webhook, object: LiveObject): Finding[] {
  const ends = scene.going.of(object)?.wave ?? Number.POSITIVE_INFINITY;
  const { service, url } = webhook.clientConfig;
  const deafFrom = service ? deafSince(scene, service) : Number.POSITIVE_INFINITY;
  const asked = scene.going.all.filter((going) => going.wave <= ends && asks(scene, webhook, going.object));
  const met = asked.filter(({ wave }) => wave >= deafFrom);
  const called = `webhook ${webhook.name}`;
  if (url !== undefined && asked.length > 0) {
    const why = `${called} is asked about ${example(asked)} at ${new URL(url).origin}, and whether that answers cannot be seen from here`;
    return isClosed(webhook) ? [about(scene, object, { verdict: "unknown", why })] : [];
  }
  if (met.length === 0) return left(scene, webhook, object, ends, deafFrom);
  const waitsFor = `Service ${service?.namespace}/${service?.name}`;
  const since = deafFrom === 0 ? "has nobody to answer" : `has nobody to answer from wave ${deafFrom} on`;
  const cure = scene.commands.kubectl(`delete ${kind.toLowerCase()} ${object.name}`);
  if (!isClosed(webhook)) {
    const why = `${called} ${since}: each deletion of ${example(met)} waits for it up to ${webhook.timeoutSeconds ?? 10} s`;
    return [about(scene, object, { verdict: "slow", waitsFor, why, cure })];
  }
  const conditions = (webhook.matchConditions ?? []).map(({ name }) => name);
  if (conditions.length > 0) {
    const why = `${called} ${since} and fails closed; whether its conditions (${conditions.join(", ")}) spare ${example(met)} is not known`;
    return [about(scene, object, { verdict: "unknown", waitsFor, why, cure })];
  }
  const why = `${called} ${since} and fails closed: it refuses the deletion of ${example(met)}`;
  return [about(scene, object, { verdict: "hangs", waitsFor, why, cure })];
}

const isClosed = ({ failurePolicy }: Webhook) => failurePolicy !== "Ignore";

const example = (met: readonly Going[]) => {
  const names = met.map(({ object }) => spelt(object));
  return names.length === 1 ? String(names[0]) : `${names.length} objects (${some(names, 2)})`;
};

/** A configuration that stays while its program goes guards the cluster with nobody to answer. */
function left(scene: ClusterScene, webhook: Webhook, object: LiveObject, ends: number, deafFrom: number): Finding[] {
  if (ends !== Number.POSITIVE_INFINITY || deafFrom === Number.POSITIVE_INFINITY || deafFrom === 0) return [];
  const { service } = webhook.clientConfig;
  const why = `webhook ${webhook.name} stays, and its Service ${service?.namespace}/${service?.name} goes: what it judges is then ${isClosed(webhook) ? "refused" : "delayed"}`;
  return [about(scene, object, { verdict: "left", why, cure: scene.commands.delete([object]) })];
}

/** From which wave on nobody answers for a Service: 0 is now, infinity never. */
export function deafSince({ answering, going, snapshot }: ClusterScene, { name, namespace }: ServiceReference): number {
  if (!answering.has(key({ name, namespace }))) return 0;
  const service = snapshot.services.find(({ metadata }) => key(metadata) === key({ name, namespace }));
  const pods = snapshot.workloads.filter((workload) => service && leadsTo(service, workload));
  const ends = [service, ...pods].flatMap((one) => {
    const object = one && liveOf({ snapshot }, one.metadata.uid);
    return (object && going.of(object)?.wave) ?? [];
  });
  return Math.min(...ends, Number.POSITIVE_INFINITY);
}

/** Whether a webhook is asked when an object goes: about the deletion itself, or about the change that takes a finalizer off. */
export function asks(scene: ClusterScene, webhook: Webhook, object: LiveObject): boolean {
  // the API server never asks a webhook about these
  if (/^(Validating|Mutating)(WebhookConfiguration|AdmissionPolicy)/.test(object.kind)) return false;
  const { group, namespaced, plural } = object.served;
  const operations = new Set(["*", "DELETE", ...((object.metadata.finalizers ?? []).length > 0 ? ["UPDATE"] : [])]);
  const isMeant = (webhook.rules ?? []).some(
    ({ apiGroups = [], operations: some = [], resources = [], scope = "*" }) =>
      some.some((operation) => operations.has(operation)) &&
      (apiGroups.includes("*") || apiGroups.includes(group)) &&
      resources.some((resource) => ["*", "*/*", plural, `${plural}/*`].includes(resource)) &&
      (scope === "*" || scope === (namespaced ? "Namespaced" : "Cluster")),
  );
  return (
    isMeant &&
    selects(webhook.objectSelector, exactly(object.metadata.labels)) === true &&
    (isClusterWide(object) || selects(webhook.namespaceSelector, exactly(labelsOfNamespace(scene, object))) === true)
  );
}

/** A namespace selector says nothing of what lies in no namespace, but for the Namespace itself. */
const isClusterWide = ({ kind, served }: LiveObject) => !served.namespaced && kind !== "Namespace";

function labelsOfNamespace({ snapshot }: ClusterScene, { kind, name, namespace }: LiveObject) {
  const wanted = kind === "Namespace" ? name : namespace;
  return snapshot.namespaces.find(({ metadata }) => metadata.name === wanted)?.metadata.labels;
}
