/** Where Prometheus and its operator live, and how their pods are known. */
import type { PodsPeer } from "../flow";
import { selectorLabels } from "../labels";

/** Of Prometheus, its operator, and every monitor and rule that they read; the cluster base makes it. */
export const PROMETHEUS_NAMESPACE = "prometheus";

/** Name of the Prometheus, of its Service and of its ServiceAccount. */
export const PROMETHEUS = "prometheus";

/** Name of the operator's objects. */
export const OPERATOR = "prometheus-operator";

/** Name in Prometheus' certificate, on every cluster. */
export const PROMETHEUS_HOST = `${PROMETHEUS}.${PROMETHEUS_NAMESPACE}.svc`;

/** Port of Prometheus' API, in the pod and of the Service. */
export const PROMETHEUS_PORT = 9090;

/** Port on which a Prometheus pod tells how its configuration was reloaded; the operator's own choice. */
export const RELOADER_PORT = 8080;

/** Pods of Prometheus: the operator sets the first label, the custom resource the second. */
export const PROMETHEUS_PODS: PodsPeer = {
  namespace: PROMETHEUS_NAMESPACE,
  pods: selectorLabels(PROMETHEUS, "server"),
};
