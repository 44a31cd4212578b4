/** The objects that one cluster gets, found as they refer to one another. */
import { dirname } from "node:path";
import { type AnyObject, groupOf, nameOf } from "../engine/match";
import { type ApiKind, builtInKind, isClientGroup, pluralOf } from "./api-kinds";
import { type Definition, definedKinds } from "./definition";
import { at, stringsOf } from "./field";
import { exactly, type KnownLabels, partly, selects } from "./label-selector";
import { podTemplate } from "./pod-template";
import type { ManifestPlace, SetObject } from "./set-object";

export interface ObjectSetOptions {
  /** Of each object; none: they are applied in the order of what they need. */
  readonly places?: readonly (ManifestPlace | undefined)[];
  /** Whether the cluster gets nothing else. @default false */
  readonly isWhole?: boolean;
  /** Whether other files, which are not in the set, say whose they are. @default false */
  readonly hasOtherOwners?: boolean;
}

/** Namespaces that every cluster has. */
export const INITIAL_NAMESPACES: readonly string[] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** The label by which every namespace can be selected. */
export const NAME_LABEL = "kubernetes.io/metadata.name";

export class ObjectSet {
  readonly all: readonly SetObject[];
  readonly isWhole: boolean;
  readonly hasOtherOwners: boolean;
  /** Folders and files of which some program puts the objects in order: those of kustomize, and of Argo CD's annotations. */
  readonly sortedFolders: ReadonlySet<string>;
  readonly #byKey = new Map<string, SetObject>();
  readonly #byKind = new Map<string, SetObject[]>();
  readonly #definitions = new Map<string, Definition>();
  readonly #templates = new Map<string, SetObject[]>();

  /** Objects without a name, and those that no API server ever sees, are left out. */
  constructor(
    objects: readonly AnyObject[],
    { hasOtherOwners = false, isWhole = false, places = [] }: ObjectSetOptions = {},
  ) {
    this.isWhole = isWhole;
    this.hasOtherOwners = hasOtherOwners;
    this.sortedFolders = new Set(objects.flatMap((object, position) => sortedBy(object, places[position])));
    this.all = objects.flatMap((object, position) => read(object, position, places[position]));
    for (const one of this.all) {
      // of several of one name the last one stands, as where they are applied
      this.#byKey.set(keyOf(one.group, one.kind, one.namespace, one.name), one);
      append(this.#byKind, `${one.group}/${one.kind}`, one);
      if (podTemplate(one.object)) append(this.#templates, one.namespace, one);
      for (const definition of definedKinds(one)) {
        this.#definitions.set(`${definition.group}/${definition.kind}`, definition);
      }
    }
  }

  ofKind(group: string, kind: string): readonly SetObject[] {
    return this.#byKind.get(`${group}/${kind}`) ?? [];
  }

  /** By name; an object that leaves its namespace open stands for one in any. */
  find(group: string, kind: string, namespace: string, name: string): SetObject | undefined {
    return this.#byKey.get(keyOf(group, kind, namespace, name)) ?? this.#byKey.get(keyOf(group, kind, "", name));
  }

  namespace(name: string): SetObject | undefined {
    return this.#byKey.get(keyOf("", "Namespace", "", name));
  }

  definition(group: string, kind: string): Definition | undefined {
    return this.#definitions.get(`${group}/${kind}`);
  }

  /** How the API server names the kind; undefined where only its definition, which is not here, could say. */
  apiKind({ group, kind }: Pick<SetObject, "group" | "kind">): ApiKind | undefined {
    return builtInKind(group, kind) ?? this.definition(group, kind)?.apiKind;
  }

  /** The plural name of a kind, guessed where nobody says it. */
  resourceOf(one: Pick<SetObject, "group" | "kind">): string {
    return this.apiKind(one)?.resource ?? pluralOf(one.kind);
  }

  /** Of a namespace that is not here only what Kubernetes itself gives it. */
  namespaceLabels(name: string): KnownLabels {
    const own = { [NAME_LABEL]: name };
    const namespace = this.namespace(name);
    return namespace ? exactly({ ...namespace.labels, ...own }) : partly(own);
  }

  /** What makes pods that a Service leads to. */
  behind(service: SetObject, namespace: string): SetObject[] {
    const selector = at(service.object, "spec", "selector");
    if (Object.keys(stringsOf(selector)).length === 0) return [];
    const near = [
      ...(this.#templates.get(namespace) ?? []),
      ...(namespace === "" ? [] : (this.#templates.get("") ?? [])),
    ];
    return near.filter(({ object }) => {
      const labels = podTemplate(object)?.labels;
      return labels !== undefined && selects({ matchLabels: selector }, exactly(labels)) === true;
    });
  }
}

function read(object: AnyObject, position: number, place: ManifestPlace | undefined): SetObject[] {
  const { apiVersion, kind, namespace } = nameOf(object);
  const name = at(object, "metadata", "name");
  const group = groupOf(apiVersion);
  if (typeof name !== "string" || name === "" || isClientGroup(group)) return [];
  const metadata = object.metadata;
  return [
    {
      object,
      group,
      version: apiVersion.split("/").at(-1) ?? "",
      kind,
      namespace: builtInKind(group, kind)?.isNamespaced === false ? "" : namespace,
      name,
      labels: stringsOf(at(metadata, "labels")),
      annotations: stringsOf(at(metadata, "annotations")),
      position,
      ...(place ? { place } : {}),
    },
  ];
}

/** A folder with a file of kustomize's, a file with an annotation of Argo CD's. */
function sortedBy(object: AnyObject, place: ManifestPlace | undefined): string[] {
  if (!place) return [];
  if (groupOf(object.apiVersion) === "kustomize.config.k8s.io") return [dirname(place.file)];
  const annotations = Object.keys(stringsOf(at(object, "metadata", "annotations")));
  return annotations.some((key) => key.startsWith("argocd.argoproj.io/")) ? [place.file] : [];
}

const keyOf = (group: string, kind: string, namespace: string, name: string) => `${group}/${kind}/${namespace}/${name}`;

function append(lists: Map<string, SetObject[]>, key: string, one: SetObject): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
