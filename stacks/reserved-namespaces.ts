/** Namespaces that no tenant can have: Kubernetes' own, and those of the platform's components. */

const RESERVED: readonly RegExp[] = [
  /^argo-rollouts$/,
  /^argocd(-manager)?$/,
  /^kube-/,
  /^jaeger$/,
  /^loki$/,
  /^default$/,
  /^fleetwright-/,
  /^alertmanager$/,
  /^cert-manager$/,
  /^chaos-mesh$/,
  /^gatekeeper-system$/,
  /^istio-/,
  /^medik8s-leases$/,
  /^metrics-server$/,
  /^node-exporter$/,
  /^node-health-check$/,
  /^opentelemetry(-agent)?$/,
  /^prometheus$/,
  /^state-metrics$/,
  /^thanos$/,
  /^velero$/,
  /^vertical-pod-autoscaler$/,
];

/** Whether a namespace is Kubernetes' or the platform's. */
export const isReserved = (namespace: string): boolean => RESERVED.some((pattern) => pattern.test(namespace));
