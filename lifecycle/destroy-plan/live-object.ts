/** Objects of a live cluster as a destroy plan looks at them: who they are, who owns them, what holds them. */
import type { ObjectName } from "./finding";

/** Metadata of any object. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly creationTimestamp?: string;
  /** Since when it is being deleted. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly { readonly uid: string; readonly kind: string; readonly name: string }[];
  readonly managedFields?: readonly { readonly manager?: string }[];
}

/** A kind as the API server lists it. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface LiveObject extends ObjectName {
  readonly name: string;
  readonly served: ServedKind;
  readonly metadata: Metadata;
}

/** `group/Kind/namespace/name`, as kube-object.ts has it. */
export const nameKey = ({ group, kind, name = "", namespace = "" }: ObjectName) =>
  [group, kind, namespace, name].join("/");

/** Name of the CustomResourceDefinition that would define a kind. */
export const definitionOf = ({ group, plural }: Pick<ServedKind, "group" | "plural">) => `${plural}.${group}`;

/** `applications.argoproj.io`, `configmaps`: a kind as kubectl takes it without doubt. */
export const resourceOf = ({ group, plural }: Pick<ServedKind, "group" | "plural">) =>
  group === "" ? plural : `${plural}.${group}`;

/** Who wrote its fields: a person with kubectl, or a program by its name; those of Kubernetes itself left out. */
export function managersOf({ metadata }: LiveObject): string[] {
  const names = (metadata.managedFields ?? []).flatMap(({ manager }) => manager ?? []);
  return [...new Set(names)].filter((name) => !KUBERNETES.has(name)).sort();
}

const KUBERNETES = new Set(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"]);
