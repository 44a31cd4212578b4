/** Namespaces that no tenant can have: Kubernetes' own, and those of the platform's components. */

const RESERVED: readonly RegExp[] = [
  /^alertmanager$/,
  /^argo-rollouts$/,
  /^argocd$/,
  /^cert-manager$/,
  /^chaos-mesh$/,
  /^default$/,
  /^fleetwright-/,
  /^gatekeeper-system$/,
  /^grafana$/,
  /^istio-/,
  /^jaeger$/,
  /^kube-/,
  /^loki$/,
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
