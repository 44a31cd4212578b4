/**
 * What a tenant's namespace may use in all, and what a container gets that asks for nothing.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
import type { KubeObject } from "../kube-object";
import { objectLabels } from "../labels";
import type { NamespaceSize } from "../tenant";
import { RESERVED_PRIORITY_CLASSES } from "./priority-classes";

/** What a container gets that states no request or limit: little, so that whoever needs more says so. */
const CONTAINER_DEFAULTS = { cpu: "100m", memory: "128Mi" };

/**
 * ResourceQuota and LimitRange of one namespace, and a quota of zero pods in the ranks that are not a tenant's.
 *
 * @throws Error naming the namespace and the field that is no quantity or out of bounds
 */
export function quotas(namespace: string, size: NamespaceSize): KubeObject[] {
  checkSize(namespace, size);
  const metadata = (name: string) => ({ name, namespace, labels: objectLabels("cluster-base") });
  return [
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: metadata("tenant-size"),
      spec: {
        hard: {
          "requests.cpu": size.cpu,
          "requests.memory": size.memory,
          "limits.memory": size.memory,
          "requests.storage": size.storage,
          pods: String(size.pods),
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: metadata("reserved-priorities"),
      spec: {
        hard: { pods: "0" },
        scopeSelector: {
          matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: RESERVED_PRIORITY_CLASSES }],
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: metadata("container-defaults"),
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: CONTAINER_DEFAULTS,
            // no CPU limit: it would throttle while the node is idle
            default: { memory: CONTAINER_DEFAULTS.memory },
            max: { memory: size.memory },
          },
          { type: "PersistentVolumeClaim", max: { storage: size.storage } },
        ],
      },
    },
  ];
}

function checkSize(namespace: string, { cpu, memory, pods, storage }: NamespaceSize): void {
  for (const [field, value] of Object.entries({ cpu, memory, storage })) {
    if (!/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.test(value) || Number.parseFloat(value) === 0) {
      throw new Error(
        `cluster-base: ${field} of namespace "${namespace}" is "${value}", must be a Kubernetes quantity above 0 such as 500m, 4 or 8Gi`,
      );
    }
  }
  if (!Number.isInteger(pods) || pods < 1 || pods > 10_000) {
    throw new Error(`cluster-base: pods of namespace "${namespace}" is ${pods}, must be a whole number of 1–10000`);
  }
}
