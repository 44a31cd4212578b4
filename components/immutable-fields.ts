/**
 * Fields that the API server refuses to change: a change of one is a replacement, shown as such by the preview, with
 * and without the cluster. Each line is tried against a real API server.
 *
 * The provider's own table (4.25) lacks most of these. It knows StorageClass parameters and provisioner and roleRef, but
 * its preview of their replacement fails where the cluster is reachable, because it dry-runs the new object over the
 * old one and passes only over errors worded "field is immutable". So they stand here too.
 */
import { isDeepStrictEqual } from "node:util";
import { groupOf, type KubeObject } from "./kube-object";

interface ImmutableFields {
  readonly group: string;
  readonly kind: string;
  /** Paths from the object's root, as Pulumi's `replaceOnChanges` takes them. */
  readonly paths: readonly string[];
  /** Where the API server decides it. */
  readonly source: string;
}

export const immutableFields: readonly ImmutableFields[] = [
  {
    group: "storage.k8s.io",
    kind: "StorageClass",
    paths: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
    source: "k8s.io/kubernetes pkg/apis/storage/validation: ValidateStorageClassUpdate",
  },
  {
    group: "rbac.authorization.k8s.io",
    kind: "RoleBinding",
    paths: ["roleRef"],
    source: "k8s.io/kubernetes pkg/apis/rbac/validation: ValidateRoleBindingUpdate",
  },
  {
    group: "rbac.authorization.k8s.io",
    kind: "ClusterRoleBinding",
    paths: ["roleRef"],
    source: "k8s.io/kubernetes pkg/apis/rbac/validation: ValidateClusterRoleBindingUpdate",
  },
  {
    group: "storage.k8s.io",
    kind: "CSIDriver",
    paths: ["spec.attachRequired", "spec.volumeLifecycleModes"],
    source: "k8s.io/kubernetes pkg/apis/storage/validation: ValidateCSIDriverUpdate",
  },
  {
    group: "scheduling.k8s.io",
    kind: "PriorityClass",
    paths: ["value", "preemptionPolicy"],
    source: "k8s.io/kubernetes pkg/apis/scheduling/validation: ValidatePriorityClassUpdate",
  },
  {
    group: "networking.k8s.io",
    kind: "IngressClass",
    paths: ["spec.controller"],
    source: "k8s.io/kubernetes pkg/apis/networking/validation: ValidateIngressClassUpdate",
  },
  {
    group: "node.k8s.io",
    kind: "RuntimeClass",
    paths: ["handler"],
    source: "k8s.io/kubernetes pkg/apis/node/validation: ValidateRuntimeClassUpdate",
  },
];

/** Whether a live object must be replaced to become the desired one: one of its immutable fields differs. */
export function mustReplace(desired: KubeObject, live: KubeObject): boolean {
  return immutablePaths(desired).some((path) => {
    const wanted = at(desired, path);
    // what is not said is defaulted by the API server, and a default differs from nothing
    return wanted !== undefined && !isDeepStrictEqual(wanted, at(live, path));
  });
}

const at = (object: KubeObject, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, field) => (inner as Record<string, unknown> | undefined)?.[field], object);

/** Paths of an object whose change must replace it. */
export function immutablePaths(object: KubeObject): string[] {
  return immutableFields
    .filter(({ group, kind }) => group === groupOf(object) && kind === object.kind)
    .flatMap(({ paths }) => paths);
}
