/**
 * When the engine takes a Service for made. The provider's own rule waits until its endpoints have not changed for ten seconds
 * (`time.Sleep(10 * time.Second)` in the provider's `await/service.go`), and everything that depends on it waits as well: the
 * workload whose pods those endpoints would be first of all. That the pods are Ready is what the workload is waited for.
 */
import { isAwaited } from "./deletion";
import { groupOf, type KubeObject } from "./kube-object";

const WAIT_FOR = "pulumi.com/waitFor";

/** A load balancer is made when its cloud has given it an address; any other Service when the API server has taken it. */
const conditionOf = ({ spec }: KubeObject) =>
  (spec as { readonly type?: string } | undefined)?.type === "LoadBalancer"
    ? "jsonpath={.status.loadBalancer.ingress[0]}"
    : "jsonpath={.metadata.uid}";

/** A Service with the annotation that says so, unless it has one of its own that says when it is made; any other object as it is. */
export function madeWhenServed(object: KubeObject): KubeObject {
  const { annotations = {} } = object.metadata;
  const isService = object.kind === "Service" && groupOf(object) === "";
  if (!isService || WAIT_FOR in annotations || !isAwaited(object)) return object;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { [WAIT_FOR]: conditionOf(object), ...annotations } },
  };
}
