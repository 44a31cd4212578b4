/**
 * The namespaces of a cluster: who owns each, and how far its pods are trusted.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
import type { KubeObject } from "../kube-object";
import { type Labels, OWNER_LABEL, objectLabels, requireDnsLabel, TENANT_LABEL } from "../labels";
import type { PlatformNamespace, PodSecurity } from "../platform-namespace";

/** Namespaces that belong to Kubernetes: no object of ours is ever made there. */
export const KUBERNETES_NAMESPACES: readonly string[] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Pod Security labels of a namespace, pinned to a minor, so that an upgrade of the cluster changes no verdict by itself. */
export function podSecurityLabels(level: PodSecurity, kubernetes: string): Labels {
  return Object.fromEntries(
    ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetes}`],
    ]),
  );
}

export function platformNamespace(namespace: PlatformNamespace, owner: string, kubernetes: string): KubeObject {
  const { labels, name, podSecurity = "restricted" } = namespace;
  const level = podSecurity === "restricted" ? podSecurity : podSecurity.level;
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        ...labels,
        ...objectLabels("cluster-base"),
        ...podSecurityLabels(level, kubernetes),
        [OWNER_LABEL]: owner,
      },
      ...(podSecurity === "restricted"
        ? {}
        : { annotations: { "fleetwright.dev/pod-security-reason": podSecurity.reason } }),
    },
  };
}

/**
 * Tenants' pods are always restricted: what needs more belongs to the platform.
 *
 * @param further labels and annotations by which components know tenants' namespaces
 */
export function tenantNamespace(
  name: string,
  tenant: string,
  team: string,
  kubernetes: string,
  further: { readonly labels: Labels; readonly annotations?: Labels | undefined },
): KubeObject {
  const labels = {
    ...further.labels,
    ...objectLabels("cluster-base"),
    ...podSecurityLabels("restricted", kubernetes),
    [OWNER_LABEL]: team,
    [TENANT_LABEL]: tenant,
  };
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels, ...(further.annotations ? { annotations: further.annotations } : {}) },
  };
}

/** @throws Error naming a namespace that is no DNS label, is Kubernetes' own, stands twice, or is trusted without a reason */
export function checkNamespaces(platform: readonly PlatformNamespace[], tenants: readonly string[]): void {
  const names = [...platform.map(({ name }) => name), ...tenants];
  names.forEach((name, index) => {
    requireDnsLabel("cluster-base", "a namespace", name);
    if (KUBERNETES_NAMESPACES.includes(name) || name.startsWith("kube-")) {
      throw new Error(`cluster-base: namespace "${name}" is Kubernetes' own, must be one that Fleetwright makes`);
    }
    if (names.indexOf(name) < index) {
      throw new Error(`cluster-base: namespace "${name}" stands twice, must have one owner`);
    }
  });
  for (const { name, podSecurity } of platform) {
    if (typeof podSecurity === "object" && podSecurity.reason.trim() === "") {
      throw new Error(
        `cluster-base: namespace "${name}" has podSecurity ${podSecurity.level} with an empty reason, must say why restricted will not do`,
      );
    }
  }
}
