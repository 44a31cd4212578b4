/** The objects that one cluster gets, found as they refer to one another. */
import { type AnyObject, groupOf } from "../engine/match";
import { type ApiKind, builtInKind, isClientGroup, pluralOf } from "./api-kinds";
import { type Definition, definedKinds, isDefiner } from "./definition";
import { at, stringsOf, textOf } from "./field";
import { podLabels } from "./generated-labels";
import { isInstaller } from "./installer";
import { exactly, type KnownLabels, onlyThese, partly, selects } from "./label-selector";
import { podTemplate } from "./pod-template";
import { askName, type ManifestPlace, mayBe, type SetObject } from "./set-object";
import { SortedFiles } from "./sorted-files";
import { hasUnknown, isUnknownAt, noting } from "./unknown-field";

export interface ObjectSetOptions {
  /** Of each object; none: they are applied in the order of what they need. */
  readonly places?: readonly (ManifestPlace | undefined)[];
  /** Whether the cluster gets nothing else. @default false */
  readonly isWhole?: boolean;
  /** Whether other files, which are not in the set, say whose they are. @default false */
  readonly hasOtherOwners?: boolean;
  /** Whether others are known to add to what the cluster gets: pods behind a Service, say. @default false: it need not be so */
  readonly hasOthers?: boolean;
  /** Whether objects were left out that may decide, since parts of them are not known yet. @default false */
  readonly isShortened?: boolean;
}

/** Namespaces that every cluster has. */
export const INITIAL_NAMESPACES: readonly string[] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** The label by which every namespace can be selected. */
export const NAME_LABEL = "kubernetes.io/metadata.name";

export class ObjectSet {
  readonly all: readonly SetObject[];
  readonly isWhole: boolean;
  readonly hasOtherOwners: boolean;
  readonly hasOthers: boolean;
  readonly isShortened: boolean;
  /** Objects that have others made, which are not in the set. */
  readonly installers: readonly SetObject[];
  readonly sortedFiles: SortedFiles;
  readonly #byKey = new Map<string, SetObject>();
  readonly #firstByKey = new Map<string, SetObject>();
  readonly #byKind = new Map<string, SetObject[]>();
  readonly #byNamespace = new Map<string, SetObject[]>();
  readonly #definitions = new Map<string, Definition>();
  /** Definitions that say a kind in a part that is not known: asked anew each time, so that whoever needs that part is noted. */
  readonly #openDefiners: SetObject[] = [];
  readonly #unnamed: SetObject[] = [];

  /** Objects without a name, and those that no API server ever sees, are left out. */
  constructor(
    objects: readonly AnyObject[],
    { hasOtherOwners = false, hasOthers = false, isShortened = false, ...options }: ObjectSetOptions = {},
  ) {
    const { isWhole = false, places = [] } = options;
    this.hasOthers = hasOthers;
    this.isWhole = isWhole;
    this.isShortened = isShortened;
    this.hasOtherOwners = hasOtherOwners;
    this.sortedFiles = new SortedFiles(objects, places);
    this.all = objects.flatMap((object, position) => setObjects(object, position, places[position]));
    // of parts that others add to nothing is said to be nowhere, and who else adds to them need not be known
    this.installers = isWhole ? this.all.filter(isInstaller) : [];
    for (const one of this.all) {
      append(this.#byKind, `${one.group}/${one.kind}`, one);
      if (one.isNamed) {
        // of several of one name the last one stands, as where they are applied
        const key = keyOf(one.group, one.kind, one.namespace, one.name);
        this.#byKey.set(key, one);
        if (!this.#firstByKey.has(key)) this.#firstByKey.set(key, one);
        append(this.#byNamespace, one.namespace, one);
      } else this.#unnamed.push(one);
      if (!isDefiner(one)) continue;
      const { reads, value } = noting(() => definedKinds(one));
      if (reads.size > 0) this.#openDefiners.push(one);
      else
        for (const definition of value) {
          this.#definitions.set(`${definition.group}/${definition.kind}`, definition);
        }
    }
  }

  ofKind(group: string, kind: string): readonly SetObject[] {
    return this.#byKind.get(`${group}/${kind}`) ?? [];
  }

  /** By name; an object that leaves its namespace open stands for one in any. */
  find(group: string, kind: string, namespace: string, name: string): SetObject | undefined {
    const found = this.#byKey.get(keyOf(group, kind, namespace, name)) ?? this.#byKey.get(keyOf(group, kind, "", name));
    if (!found) this.#noteNamesakes(group, kind, namespace, name);
    return found;
  }

  /** Of several of one name the one that is applied first: from then on it is there for whatever needs it. */
  firstOf(one: SetObject): SetObject {
    if (!one.isNamed) return one;
    return this.#firstByKey.get(keyOf(one.group, one.kind, one.namespace, one.name)) ?? one;
  }

  /** One whose name is not known yet may be the one that was asked for. */
  #noteNamesakes(group: string, kind: string, namespace: string, name: string): void {
    if (this.#unnamed.length === 0) return;
    for (const one of this.ofKind(group, kind)) {
      if (!one.isNamed && mayBe(one, { name, namespace })) askName(one);
    }
  }

  namespace(name: string): SetObject | undefined {
    return this.find("", "Namespace", "", name);
  }

  definition(group: string, kind: string): Definition | undefined {
    for (const by of this.#openDefiners) {
      const found = definedKinds(by).find((one) => one.group === group && one.kind === kind);
      if (found) return found;
    }
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
      ...(this.#byNamespace.get(namespace) ?? []),
      ...(namespace === "" ? [] : (this.#byNamespace.get("") ?? [])),
    ];
    const isBehind = (one: SetObject) => {
      // a selector may name one pod of many, by a label that its controller adds
      return podTemplate(one.object) && selects({ matchLabels: selector }, onlyThese(podLabels(one))) !== false;
    };
    for (const one of this.#unnamed) if (isBehind(one)) askName(one);
    return near.filter(isBehind);
  }
}

function setObjects(object: AnyObject, position: number, place: ManifestPlace | undefined): SetObject[] {
  const { apiVersion, kind } = object;
  const group = groupOf(apiVersion);
  if (isClientGroup(group)) return [];
  const isOfCluster = builtInKind(group, kind)?.isNamespaced === false;
  const open = NAMING.filter((field) => hasUnknown(object) && isUnknownAt(object, "metadata", field));
  const text = (field: "name" | "namespace") =>
    open.includes(field) ? "" : (textOf(at(object, "metadata", field)) ?? "");
  const strings = (field: "labels" | "annotations") =>
    open.includes(field) ? {} : stringsOf(at(object, "metadata", field));
  const one: SetObject = {
    object,
    group,
    version: apiVersion.split("/").at(-1) ?? "",
    kind,
    namespace: isOfCluster ? "" : text("namespace"),
    name: text("name"),
    labels: strings("labels"),
    annotations: strings("annotations"),
    position,
    isNamed: !open.includes("name") && (isOfCluster || !open.includes("namespace")),
    ...(place ? { place } : {}),
  };
  if (one.name === "" && !open.includes("name")) return [];
  // what is not known is read anew each time, so that whoever does it is noted
  for (const field of open) {
    if (field === "namespace" && isOfCluster) continue;
    const isText = field === "name" || field === "namespace";
    const read = (value: unknown) => (isText ? (textOf(value) ?? "") : stringsOf(value));
    Object.defineProperty(one, field, { enumerable: true, get: () => read(at(object, "metadata", field)) });
  }
  return [one];
}

/** What an object is found by. */
const NAMING = ["name", "namespace", "labels", "annotations"] as const;

const keyOf = (group: string, kind: string, namespace: string, name: string) => `${group}/${kind}/${namespace}/${name}`;

function append(lists: Map<string, SetObject[]>, key: string, one: SetObject): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
