/** One object of a set, and where it stands. */
import type { AnyObject } from "../engine/match";
import { isUnknownAt } from "./unknown-field";

/** Where an object stands. */
export interface ManifestPlace {
  /** `-` is standard input. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Whose file it is, `<environment>/<cluster>`, where its first line says so. */
  readonly cluster?: string;
}

/** One of the objects. */
export interface SetObject {
  readonly object: AnyObject;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `""`: of the cluster, or of whatever namespace it is applied to. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Number in the set: applied in this order where nothing else orders. */
  readonly position: number;
  /** Whether name and namespace are known: else reading them is noted, and nobody finds the object by them. */
  readonly isNamed: boolean;
  /** Absent: something orders the objects by what they need. */
  readonly place?: ManifestPlace;
}

/** `Deployment shop/web`; of an object without namespace only its name. */
export const shownName = ({ kind, name, namespace }: Pick<SetObject, "kind" | "name" | "namespace">): string =>
  `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;

/** `deploy/web.yaml:12`; nothing where nobody knows. */
export const shownPlace = ({ place }: Pick<SetObject, "place">): string => (place ? `${place.file}:${place.line}` : "");

/** Reads what of a name is not known yet, and so notes that it decides. */
export const askName = ({ name, namespace }: SetObject): string => name + namespace;

/** Whether the names of two are one, or may turn out to be; the second may be one that is only asked for. */
export function mayBe(one: SetObject, other: Pick<SetObject, "name" | "namespace"> & Partial<SetObject>): boolean {
  const may = (field: "name" | "namespace") =>
    [one, other].some(({ object }) => isUnknownAt(object, "metadata", field)) || one[field] === other[field];
  return may("name") && may("namespace");
}
