/** Namespaces that no tenant can have: Kubernetes' own, and those of the platform's components. */

const RESERVED: readonly RegExp[] = [
  /^kube-/,
  /^default$/,
  /^fleetwright-/,
  /^cert-manager$/,
  /^gatekeeper-system$/,
  /^istio-/,
  /^medik8s-leases$/,
  /^node-health-check$/,
  /^opentelemetry(-agent)?$/,
  /^thanos$/,
  /^velero$/,
  /^vertical-pod-autoscaler$/,
];

/** Whether a namespace is Kubernetes' or the platform's. */
export const isReserved = (namespace: string): boolean => RESERVED.some((pattern) => pattern.test(namespace));
