/** How kubectl calls kinds: plural, singular and short names, of built-in kinds and of those that definitions bring. */
import { groupOf, type KubeObject } from "../components/kube-object";

/** Short names of the API server's own kinds, as `kubectl api-resources` lists them. */
const SHORT_NAMES: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ["cm"],
  CronJob: ["cj"],
  DaemonSet: ["ds"],
  Deployment: ["deploy"],
  Endpoints: ["ep"],
  Event: ["ev"],
  HorizontalPodAutoscaler: ["hpa"],
  Ingress: ["ing"],
  LimitRange: ["limits"],
  Namespace: ["ns"],
  NetworkPolicy: ["netpol"],
  Node: ["no"],
  PersistentVolume: ["pv"],
  PersistentVolumeClaim: ["pvc"],
  Pod: ["po"],
  PodDisruptionBudget: ["pdb"],
  PriorityClass: ["pc"],
  ReplicaSet: ["rs"],
  ReplicationController: ["rc"],
  ResourceQuota: ["quota"],
  Service: ["svc"],
  ServiceAccount: ["sa"],
  StatefulSet: ["sts"],
  StorageClass: ["sc"],
};

interface DefinitionSpec {
  readonly group: string;
  readonly names: {
    readonly kind: string;
    readonly plural: string;
    readonly singular?: string;
    readonly shortNames?: readonly string[];
  };
}

/** The names of every kind that a set of objects has or defines. */
export class ResourceNames {
  readonly #defined: ReadonlyMap<string, DefinitionSpec["names"]>;

  /** @param objects definitions among them bring names */
  constructor(objects: readonly KubeObject[]) {
    const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
    const specs = definitions.map(({ spec }) => spec as DefinitionSpec);
    this.#defined = new Map(specs.map(({ group, names }) => [`${group}/${names.kind}`, names]));
  }

  /** `deployments`. */
  pluralOf(object: Pick<KubeObject, "apiVersion" | "kind">): string {
    return this.#namesOf(object)?.plural ?? pluralOf(object.kind.toLowerCase());
  }

  /** Whether a word means the kind of an object: `deploy`, `deployments.apps`, `Deployment`, `deployments.v1.apps`; capitals do not count. */
  means(word: string, object: Pick<KubeObject, "apiVersion" | "kind">): boolean {
    const [resource = "", ...qualified] = word.toLowerCase().split(".");
    const group = (/^v\d+((alpha|beta)\d+)?$/.test(qualified[0] ?? "") ? qualified.slice(1) : qualified).join(".");
    return this.allOf(object).includes(resource) && (group === "" || group === groupOf(object));
  }

  /** Every name of the kind of an object, in small letters. */
  allOf(object: Pick<KubeObject, "apiVersion" | "kind">): string[] {
    const names = this.#namesOf(object);
    const short = names?.shortNames ?? (names ? [] : (SHORT_NAMES[object.kind] ?? []));
    return [object.kind.toLowerCase(), this.pluralOf(object), ...(names?.singular ? [names.singular] : []), ...short];
  }

  #namesOf(object: Pick<KubeObject, "apiVersion" | "kind">) {
    return this.#defined.get(`${groupOf(object)}/${object.kind}`);
  }
}

/** As the API server's own kinds have it. */
function pluralOf(kind: string): string {
  if (kind === "endpoints") return kind;
  if (/[^aeiou]y$/.test(kind)) return kind.replace(/y$/, "ies");
  return /(s|x|ch|sh)$/.test(kind) ? `${kind}es` : `${kind}s`;
}
