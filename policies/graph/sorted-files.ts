/** Folders and files of which some program puts the objects in order: those of kustomize, and of Argo CD's annotations. */
import { dirname, join, normalize } from "node:path";
import { type AnyObject, groupOf } from "../engine/match";
import { at, stringsOf, textsOf } from "./field";
import type { ManifestPlace } from "./set-object";

export class SortedFiles {
  readonly #paths: ReadonlySet<string>;

  constructor(objects: readonly AnyObject[], places: readonly (ManifestPlace | undefined)[]) {
    this.#paths = new Set(objects.flatMap((object, index) => sortedBy(object, places[index])));
  }

  has(file: string): boolean {
    return this.#paths.has(pathOf(file)) || this.#paths.has(pathOf(dirname(file)));
  }
}

/** Fields of a Kustomization that name files and folders. */
const PARTS = ["resources", "bases", "components"] as const;

/** A file of kustomize's sorts its folder and what it names elsewhere, an annotation of Argo CD's its own file. */
function sortedBy(object: AnyObject, place: ManifestPlace | undefined): string[] {
  if (!place) return [];
  if (groupOf(object.apiVersion) === "kustomize.config.k8s.io") {
    const folder = dirname(place.file);
    const named = PARTS.flatMap((field) => textsOf(at(object, field)));
    return [pathOf(folder), ...named.map((path) => pathOf(join(folder, path)))];
  }
  const annotations = Object.keys(stringsOf(at(object, "metadata", "annotations")));
  return annotations.some((key) => key.startsWith("argocd.argoproj.io/")) ? [pathOf(place.file)] : [];
}

const pathOf = (path: string) => normalize(path).replace(/(?<=.)\/$/, "");
