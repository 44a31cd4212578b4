/**
 * Whether the objects of one cluster fit together: each name, port, selector and endpoint that one object gives of another
 * is looked up, and each hop must be allowed by a flow. No cluster is asked.
 *
 *     objects, flows ─▶ ClusterIndex ─▶ checks ─▶ one sentence per reference that leads nowhere
 */
import { accountReferences } from "./wiring/accounts";
import { certificateReferences } from "./wiring/certificates";
import { ClusterIndex, type WiredCluster } from "./wiring/cluster-index";
import { deliveryReferences } from "./wiring/delivery";
import { endpointReferences } from "./wiring/endpoints";
import { gatewayReferences } from "./wiring/gateways";
import { monitorReferences } from "./wiring/monitors";
import { podReferences } from "./wiring/pod-references";
import type { Dangling } from "./wiring/reference";
import { scaleReferences } from "./wiring/scale";
import { serviceReferences } from "./wiring/services";
import { webhookReferences } from "./wiring/webhooks";

const CHECKS: readonly ((index: ClusterIndex) => Dangling[])[] = [
  serviceReferences,
  podReferences,
  accountReferences,
  scaleReferences,
  webhookReferences,
  certificateReferences,
  gatewayReferences,
  monitorReferences,
  deliveryReferences,
  endpointReferences,
];

/** A sentence for each reference that leads nowhere: the object, the field, and what it names. */
export function danglingReferences(cluster: WiredCluster): string[] {
  const index = new ClusterIndex(cluster);
  const found = CHECKS.flatMap((check) => check(index));
  return [
    ...new Set(
      found.map(({ field, from: { kind, metadata }, problem, target }) => {
        const name = [kind, metadata.namespace, metadata.name].filter(Boolean).join("/");
        return `${name}: ${field} names ${target}, ${problem}`;
      }),
    ),
  ];
}
