/** What must be there before an object can be made, or can work: read from the objects themselves, and from what they say. */

import { groupOf } from "../engine/match";
import { at, fieldsOf, listOf, textOf } from "./field";
import type { ObjectSet } from "./object-set";
import { type Needed, podNeeds } from "./pod-needs";
import type { SetObject } from "./set-object";
import { stageOf } from "./stage";
import { isUnknownAt } from "./unknown-field";
import { conversionService, shownService } from "./webhook";

export interface Need extends Needed {
  readonly from: SetObject;
}

/** A named object that is not in the set. */
export interface Unmet {
  readonly from: SetObject;
  /** Field that names it. */
  readonly path: string;
  /** `Deployment shop/web`. */
  readonly missing: string;
}

/** Annotation of kpt and of Config Sync: references with commas between them. */
const DEPENDS_ON = "config.kubernetes.io/depends-on";

/** What follows from what objects are: kinds, namespaces, configuration, conversion. */
export function impliedNeeds(set: ObjectSet): Need[] {
  return set.all.flatMap((one) =>
    [...namespaceNeed(set, one), ...kindNeeds(set, one), ...podNeeds(set, one), ...claimNeeds(set, one)]
      .filter(({ to }) => to !== one)
      .map((need) => ({ from: one, ...need })),
  );
}

/** What objects say of their order themselves. */
export function statedNeeds(set: ObjectSet): { readonly needs: readonly Need[]; readonly unmet: readonly Unmet[] } {
  const stated = set.all.flatMap((one) =>
    [...annotated(one), ...fluxReferences(one)].map((said) => ({ one, ...said })),
  );
  const found = stated.map((said) => ({ ...said, to: set.find(said.group, said.kind, said.namespace, said.name) }));
  return {
    needs: found.flatMap(({ one, path, to }) =>
      to ? [{ from: one, to, why: `says in ${path} that it depends on` }] : [],
    ),
    unmet: found.flatMap(({ kind, name, namespace, one, path, to }) =>
      to ? [] : [{ from: one, path, missing: [kind, namespace ? `${namespace}/${name}` : name].join(" ") }],
    ),
  };
}

function namespaceNeed(set: ObjectSet, one: SetObject): Needed[] {
  if (isUnknownAt(one.object, "metadata", "namespace") && !isOrdered(one) && !namespaces(set).some(isOrdered))
    return [];
  const { namespace } = one;
  const to = namespace === "" ? undefined : set.namespace(namespace);
  return to ? [{ to, why: "lies in" }] : [];
}

const namespaces = (set: ObjectSet) => set.ofKind("", "Namespace");

/** Whether an object says what comes before it. */
const isOrdered = (one: SetObject) => one.annotations[DEPENDS_ON] !== undefined || stageOf(one)?.isSaid !== false;

/** Its definition; and where it is written in another version than it is kept in, whoever converts it. */
function kindNeeds(set: ObjectSet, { group, kind, version }: SetObject): Needed[] {
  const definition = set.definition(group, kind);
  if (!definition) return [];
  const needs: Needed[] = [{ to: definition.by, why: "is of the kind of" }];
  const service = conversionService(definition.by);
  if (!service || definition.storage === undefined || definition.storage === version) return needs;
  const found = set.find("", "Service", service.namespace, service.name);
  const behind = found ? set.behind(found, service.namespace) : [];
  // where several answer, one of them is enough, and which is not said
  const [only] = behind.length === 1 && !set.isShortened ? behind : [];
  const why = `is written as ${version} and kept as ${definition.storage}, so it is converted through Service ${shownService(service)} by`;
  return only ? [...needs, { to: only, why }] : needs;
}

function claimNeeds(set: ObjectSet, { kind, object }: SetObject): Needed[] {
  if (kind !== "PersistentVolumeClaim") return [];
  const name = textOf(at(object, "spec", "storageClassName"));
  const to = name === undefined ? undefined : set.find("storage.k8s.io", "StorageClass", "", name);
  return to ? [{ to, why: "is of" }] : [];
}

interface StatedReference {
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `apps/namespaces/shop/Deployment/web`, `/namespaces/shop/ConfigMap/web`, `rbac.authorization.k8s.io/ClusterRole/web`. */
function annotated({ annotations }: SetObject): StatedReference[] {
  return (annotations[DEPENDS_ON] ?? "").split(",").flatMap((text): StatedReference[] => {
    const path = `metadata.annotations["${DEPENDS_ON}"]`;
    const parts = text.trim().split("/");
    const [group = "", second, namespace = "", kind = "", name = ""] = parts;
    if (parts.length === 5 && second === "namespaces") return [{ path, group, kind, namespace, name }];
    return parts.length === 3 && second ? [{ path, group, kind: second, namespace: "", name: namespace }] : [];
  });
}

const FLUX_GROUPS: Readonly<Record<string, string>> = {
  Kustomization: "kustomize.toolkit.fluxcd.io",
  HelmRelease: "helm.toolkit.fluxcd.io",
};

function fluxReferences(one: SetObject): StatedReference[] {
  const { kind, object } = one;
  const group = FLUX_GROUPS[kind];
  if (group === undefined || group !== groupOf(object.apiVersion)) return [];
  return listOf(at(object, "spec", "dependsOn")).flatMap((reference, index) => {
    const { name, namespace: of } = fieldsOf(reference);
    const said = textOf(name);
    if (said === undefined) return [];
    return [{ path: `spec.dependsOn[${index}]`, group, kind, namespace: textOf(of) ?? one.namespace, name: said }];
  });
}
