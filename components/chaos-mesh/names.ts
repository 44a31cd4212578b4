/** Names that the parts of Chaos Mesh share; those of upstream's programs are upstream's own, for they look them up. */
import { CHAOS_MESH_NAMESPACE } from "../chaos-api";
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";

/** Service of the webhooks. */
export const WEBHOOK_SERVICE = "chaos-mesh-controller-manager";

/** Service of the daemons; the controller takes the EndpointSlices whose names begin with it. */
export const DAEMON_SERVICE = "chaos-daemon";

/** Service of the name server that answers wrongly. */
export const DNS_SERVICE = "chaos-mesh-dns-server";

/** Any object of this component. */
export function chaosMeshObject(
  apiVersion: string,
  kind: string,
  metadata: {
    readonly name: string;
    readonly part: string;
    readonly namespaced?: boolean;
    readonly annotations?: Readonly<Record<string, string>>;
  },
  fields: object,
): KubeObject {
  const { annotations, name, namespaced = false, part } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespaced ? { namespace: CHAOS_MESH_NAMESPACE } : {}),
      labels: objectLabels("chaos-mesh", part),
      ...(annotations ? { annotations } : {}),
    },
    ...fields,
  };
}
