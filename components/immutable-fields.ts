/**
 * Fields that the API server refuses to change, and that the Kubernetes provider does not know to be so: a change of
 * one is a replacement, shown as such by the preview even where no cluster can be reached.
 *
 * The provider's own table (4.25) covers names, selectors, roleRef, StorageClass parameters and provisioner, Job and
 * StatefulSet templates; only what it lacks stands here. Each line is tried against a real API server.
 */
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
    paths: ["reclaimPolicy", "volumeBindingMode"],
    source: "k8s.io/kubernetes pkg/apis/storage/validation: ValidateStorageClassUpdate",
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

/** Paths of an object whose change must replace it. */
export function replacedByChanges(object: KubeObject): string[] {
  return immutableFields
    .filter(({ group, kind }) => group === groupOf(object) && kind === object.kind)
    .flatMap(({ paths }) => paths);
}
